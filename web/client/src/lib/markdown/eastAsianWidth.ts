// Stands in for the package `get-east-asian-width` in the built client (see vite.config.ts): all that is asked is
// where Chinese, Japanese or Korean text meets an asterisk, which the browser's own tables answer.

const CJK =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{sc=Hangul}\p{sc=Yi}\p{sc=Tangut}\p{sc=Nushu}\p{sc=Khitan_Small_Script}\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3040-\u3247\u3250-\ua4cf\uff00-\uffee\u4dc0-\u4dff\ufe10-\ufe1f\ufe30-\ufe6f\u20a9\u{16fe0}-\u{16fff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}]/u
/** The class of a code point, as far as telling CJK from other text takes. */
export function eastAsianWidthType(codePoint: number): 'wide' | 'ambiguous' | 'narrow' {
  if (decidedByOthers(codePoint)) return 'ambiguous'
  return CJK.test(String.fromCodePoint(codePoint)) ? 'wide' : 'narrow'
}

/** Curved quotation marks and the selectors of glyph variants: the letters around them decide. */
export function decidedByOthers(codePoint: number): boolean {
  return (
    [0x2018, 0x2019, 0x201c, 0x201d].includes(codePoint) || (codePoint >= 0xe0100 && codePoint <= 0xe01ef)
  )
}
