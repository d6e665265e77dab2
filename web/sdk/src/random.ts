/**
 * A nonce that no other send of this person will use: 128 random bits in hexadecimal.
 *
 * `crypto.randomUUID` is missing on pages served without TLS, as small installations are.
 */
export function newNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}

/** Microseconds since 1970 by the local clock, for what the server has not dated yet. */
export function nowMicros(): number {
  return Date.now() * 1000
}
