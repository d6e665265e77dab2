import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import cpp from 'highlight.js/lib/languages/cpp'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import dockerfile from 'highlight.js/lib/languages/dockerfile'
import go from 'highlight.js/lib/languages/go'
import ini from 'highlight.js/lib/languages/ini'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import kotlin from 'highlight.js/lib/languages/kotlin'
import markdown from 'highlight.js/lib/languages/markdown'
import php from 'highlight.js/lib/languages/php'
import python from 'highlight.js/lib/languages/python'
import ruby from 'highlight.js/lib/languages/ruby'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import swift from 'highlight.js/lib/languages/swift'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { createLowlight } from 'lowlight'

import type { CodeSpan } from './code'

const lowlight = createLowlight({
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  markdown,
  php,
  python,
  ruby,
  rust,
  sql,
  swift,
  typescript,
  xml,
  yaml,
})

type Hast = ReturnType<typeof lowlight.highlight>['children'][number]

/** Coloured lines of a known language; undefined for one that is not known. */
export function highlight(lang: string, code: string): CodeSpan[][] | undefined {
  if (!lowlight.registered(lang)) return undefined
  const lines: CodeSpan[][] = [[]]
  const walk = (nodes: readonly Hast[], kind: string): void => {
    for (const n of nodes) {
      if (n.type === 'element') walk(n.children as Hast[], className(n.properties['className']) || kind)
      else if (n.type === 'text') pushText(lines, n.value, kind)
    }
  }
  walk(lowlight.highlight(lang, code).children, '')
  return lines
}

function className(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first.replace(/^hljs-/, '') : ''
}

function pushText(lines: CodeSpan[][], text: string, kind: string): void {
  text.split('\n').forEach((part, i) => {
    if (i > 0) lines.push([])
    if (part) lines.at(-1)!.push({ v: part, k: kind })
  })
}
