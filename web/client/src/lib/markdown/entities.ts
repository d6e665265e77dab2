/**
 * Stands in for the `entities` package in the browser bundle: its table of 2,231 names weighs 12 KB, and
 * the browser holds the same table. Markdown-it hands over one `&name;` or `&#123;` at a time.
 */
export function decodeHTMLStrict(entity: string): string {
  // The content of a textarea is text: nothing in it is ever parsed as an element.
  const area = document.createElement('textarea')
  area.innerHTML = entity
  const text = area.value
  // `&ampx;` is no entity, but browsers decode its start; what keeps the semicolon was not one name.
  return text.endsWith(';') && entity !== '&semi;' && entity !== '&#59;' ? entity : text
}
