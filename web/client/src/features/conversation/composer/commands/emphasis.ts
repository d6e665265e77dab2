/** A text in italics, line by line; signs that would end it early are escaped. */
export function emphasised(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const words = line.trim()
      return words && `*${words.replace(/(?<!\\)\*/g, '\\*')}*`
    })
    .join('\n')
}
