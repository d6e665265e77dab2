/** Weft's mark: two threads over two, in the accent. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--accent-solid)" />
      <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round">
        <path d="M11.5 6.5V8m0 7v10.5M20.5 6.5V17m0 7v1.5" />
        <path d="M6.5 11.5H17m7 0h1.5M6.5 20.5H8m7 0h10.5" />
      </g>
    </svg>
  )
}
