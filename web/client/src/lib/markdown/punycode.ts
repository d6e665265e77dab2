// Stands in for the package `punycode.js` in the built client (see vite.config.ts): the browser encodes host names
// by itself. Names in other letters are not decoded for showing, since some letters look like others.

function toASCII(host: string): string {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return host
  }
}

export default { toASCII, toUnicode: (host: string) => host }
