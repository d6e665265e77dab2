import type { ConversationView } from '@weft/sdk'
import { expect, it } from 'vitest'

import { matching, rankConversation, rankTitle, recent } from './rank'

const conv = (id: string, title: string, last_at: number, more = {}) =>
  ({
    id,
    title,
    last_at,
    mentions: 0,
    archived: false,
    me: { hidden: false },
    ...more,
  }) as unknown as ConversationView

it('ranks beginnings before words before insides', () => {
  expect(rankTitle('Product', 'product')).toBe(0)
  expect(rankTitle('产品周会', '产品')).toBe(1)
  expect(rankTitle('web-product', 'pro')).toBe(2)
  expect(rankTitle('byproduct', 'pro')).toBe(3)
  expect(rankTitle('design', 'pro')).toBeNull()
})
it('shows mentions first, then the latest, never the one in sight', () => {
  const all = [
    conv('a', 'a', 1),
    conv('b', 'b', 3),
    conv('c', 'c', 2, { mentions: 1 }),
    conv('d', 'd', 9, { archived: true }),
  ]
  expect(recent(all, 'b', 10).map((c) => c.id)).toEqual(['c', 'a'])
})
it('prefers live and recent conversations among equals', () => {
  const all = [conv('old', 'ops', 1, { archived: true }), conv('new', 'ops', 0)]
  expect(matching(all, 'ops', 5).map((c) => c.id)).toEqual(['new', 'old'])
})
it('finds a Chinese name by pinyin and initials, after titles that begin alike', () => {
  const product = { title: '产品周会', search_key: '产品周会 chanpinzhouhui cpzh' }
  expect(rankConversation(product, 'chanpin')).toBe(1.5)
  expect(rankConversation(product, 'Chan Pin')).toBe(1.5)
  expect(rankConversation(product, 'cpz')).toBe(1.5)
  expect(rankConversation(product, '产品')).toBe(1)
  expect(rankConversation(product, 'pin')).toBeNull()
  expect(rankConversation({ title: 'design' }, 'cp')).toBeNull()
  const all = [conv('zh', '测评', 2, { search_key: '测评 ceping cp' }), conv('en', 'cp-team', 1)]
  expect(matching(all, 'cp', 5).map((c) => c.id)).toEqual(['en', 'zh'])
})
