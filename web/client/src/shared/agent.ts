const BROWSERS: readonly [RegExp, string][] = [
  [/MicroMessenger\//, 'WeChat'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

/** A browser's own words about itself, short enough to recognise it by: "Chrome · Windows". */
export function describeAgent(agent: string): { name: string; phone: boolean } {
  const first = (list: readonly [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1]
  const known = [first(BROWSERS), first(SYSTEMS)].filter(Boolean).join(' · ')
  return {
    name: known || agent.split(/[ /]/)[0]?.slice(0, 40) || '',
    phone: /iPhone|Android.*Mobile/.test(agent),
  }
}
