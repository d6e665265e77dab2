const HAN = /\p{Script=Han}/u
const HAN_NAME = /^[\p{Script=Han}·]+$/u

/**
 * The letters shown on an avatar without a photo: the last two characters of a Chinese name
 * (张伟 → 张伟, 欧阳娜娜 → 娜娜), else the initials of the first and last word (Ada Lovelace → AL).
 */
export function initials(name: string): string {
  const clean = name.normalize('NFC').trim()
  if (!clean) return '?'
  if (HAN_NAME.test(clean)) return [...clean.replace(/·/g, '')].slice(-2).join('')
  const words = clean.split(/[\s._\-@/()（）]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  if (!first) return graphemes(clean).slice(0, 1).join('')
  const han = words.find((word) => HAN_NAME.test(word))
  if (han && HAN.test(first)) return [...han].slice(-2).join('')
  const last = words.length > 1 ? words[words.length - 1] : undefined
  return (letter(first) + (last ? letter(last) : '')).toLocaleUpperCase()
}

function letter(word: string): string {
  return graphemes(word).find((g) => /[\p{L}\p{N}]/u.test(g)) ?? ''
}

function graphemes(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map((s) => s.segment)
}

/** The letters of an org: the first two characters of a Chinese name (织云科技 → 织云), else its initials. */
export function orgInitials(name: string): string {
  const first = name.normalize('NFC').trim().split(/\s+/u)[0] ?? ''
  return HAN_NAME.test(first) ? [...first].slice(0, 2).join('') : initials(name)
}

/** A colour 0–9, the same for an id wherever it is shown. FNV-1a, because ids share long prefixes. */
export function avatarColour(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % 10
}
