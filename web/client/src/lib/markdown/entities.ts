// Stands in for the package `entities` in the built client (see vite.config.ts): the browser knows the names of
// all characters already, which saves 20 KB of tables.

const known = new Map<string, string>()
const ONE = /&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});/g

/** Replaces character references that end in a semicolon by their characters; others stay as they are. */
export function decodeHTMLStrict(text: string): string {
  return text.replace(ONE, (reference) => {
    let char = known.get(reference)
    if (char === undefined) {
      char = decodeOne(reference)
      if (known.size < 500) known.set(reference, char)
    }
    return char
  })
}

/** The document is inert and the text is a single reference: nothing can be loaded or run. */
function decodeOne(reference: string): string {
  // The letter in front keeps a reference to white space from being dropped.
  const text = new DOMParser().parseFromString(`x${reference}`, 'text/html').body.textContent?.slice(1) ?? ''
  // Browsers decode the beginning of `&ampx;`; what keeps the semicolon was not one name.
  return text === '' || (text.length > 1 && text.endsWith(';')) ? reference : text
}
