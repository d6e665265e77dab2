import { describe, expect, it } from 'vitest'
import type { ConversationView, Membership } from '@weft/sdk'
import {
  accepts,
  arrange,
  asksAttention,
  buildRows,
  CHANNELS,
  dropInto,
  FAVOURITES,
  neighbour,
  NO_PREFS,
  PEOPLE,
  readPrefs,
  type Row,
} from '../src/features/sidebar/model'

const collator = new Intl.Collator('zh-CN', { numeric: true })

function view(
  id: string,
  over: Omit<Partial<ConversationView>, 'me'> & { me?: Partial<Membership> } = {},
): ConversationView {
  const { me, ...rest } = over
  return {
    id,
    kind: 'channel',
    title: id,
    last_at: 0,
    unread: 0,
    mentions: 0,
    unreadFrom: null,
    archived: false,
    peers: [],
    me: { muted: false, favourite: false, section: null, hidden: false, ...me },
    ...rest,
  } as unknown as ConversationView
}

const shape = (rows: readonly Row[]) =>
  rows.map((row) => (row.type === 'section' ? `# ${row.id}` : row.view.id))

describe('buildRows', () => {
  it('puts each conversation into one section, favourites first, own sections before channels and people', () => {
    const prefs = { ...NO_PREFS, sections: [{ id: 'sec_1', name: '项目' }], sort: 'name' as const }
    const rows = buildRows(
      [
        view('general'),
        view('star', { me: { favourite: true, section: 'sec_1' } }),
        view('project', { me: { section: 'sec_1' } }),
        view('lost', { me: { section: 'sec_gone' } }),
        view('bob', { kind: 'direct' }),
      ],
      prefs,
      null,
      collator,
    )
    expect(shape(rows)).toEqual([
      '# favourites',
      'star',
      '# sec_1',
      'project',
      '# channels',
      'general',
      'lost',
      '# people',
      'bob',
    ])
  })

  it('keeps what asks for attention, and the open one, in sight when a section is folded', () => {
    const prefs = { ...NO_PREFS, folded: [CHANNELS], sort: 'name' as const }
    const rows = buildRows(
      [view('a'), view('b', { unread: 3 }), view('c'), view('d', { unread: 1, me: { muted: true } })],
      prefs,
      'c',
      collator,
    )
    expect(shape(rows)).toEqual(['# channels', 'b', 'c', '# people'])
    expect(rows[0]).toMatchObject({ count: 4, unread: 1, folded: true })
  })

  it('brings back what was put away with what is told, and only that', () => {
    const away = (last_n: number, more = {}) => ({ last_n, me: { hidden: true, hidden_n: 4, ...more } })
    const rows = buildRows(
      [
        view('still', away(4)),
        view('back', { ...away(5), unread: 0 }),
        view('quiet', { ...away(9, { muted: true }), unread: 5 }),
        view('called', { ...away(9, { muted: true }), unread: 5, mentions: 1 }),
        view('marked', { ...away(4), unreadFrom: 3 }),
      ],
      { ...NO_PREFS, sort: 'name' },
      null,
      collator,
    )
    expect(rows.flatMap((row) => (row.type === 'conversation' ? [row.view.id] : []))).toEqual([
      'back',
      'called',
    ])
  })

  it('leaves out archived and hidden ones until something is unread', () => {
    const rows = buildRows(
      [
        view('old', { archived: true }),
        view('hid', { me: { hidden: true } }),
        view('back', { unread: 1, me: { hidden: true } }),
      ],
      NO_PREFS,
      null,
      collator,
    )
    expect(shape(rows)).toEqual(['# channels', 'back', '# people'])
  })
})

describe('arrange', () => {
  const list = [view('b', { last_at: 1 }), view('a', { last_at: 3 }), view('c', { last_at: 2 })]
  it('sorts by activity or by name, Chinese by pinyin', () => {
    expect(arrange(list, { sort: 'activity', order: {} }, 's', collator).map((v) => v.id)).toEqual([
      'a',
      'c',
      'b',
    ])
    const names = [view('1', { title: '张' }), view('2', { title: '阿' }), view('3', { title: '李' })]
    expect(arrange(names, { sort: 'name', order: {} }, 's', collator).map((v) => v.title)).toEqual([
      '阿',
      '李',
      '张',
    ])
  })
  it('puts dragged places first', () => {
    expect(arrange(list, { sort: 'activity', order: { s: ['b'] } }, 's', collator).map((v) => v.id)).toEqual([
      'b',
      'a',
      'c',
    ])
  })
})

describe('dropping', () => {
  it('moves before another, or to the end', () => {
    expect(dropInto(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b'])
    expect(dropInto(['a', 'b'], 'a', null)).toEqual(['b', 'a'])
    expect(dropInto(['a'], 'x', 'a')).toEqual(['x', 'a'])
  })
  it('never puts people under channels', () => {
    expect(accepts(CHANNELS, view('x', { kind: 'direct' }))).toBe(false)
    expect(accepts(PEOPLE, view('x'))).toBe(false)
    expect(accepts(FAVOURITES, view('x'))).toBe(true)
  })
})

describe('neighbour', () => {
  const rows = buildRows(
    [view('a'), view('b', { unread: 1 }), view('c')],
    { ...NO_PREFS, sort: 'name' },
    null,
    collator,
  )
  it('goes round, and can skip what is read', () => {
    expect(neighbour(rows, 'a', 1, false)).toBe('b')
    expect(neighbour(rows, 'a', -1, false)).toBe('c')
    expect(neighbour(rows, 'a', -1, true)).toBe('b')
    expect(neighbour(rows, 'b', 1, true)).toBeNull()
    expect(neighbour([], null, 1, false)).toBeNull()
  })
})

describe('attention', () => {
  it('muted conversations ask only by a mention', () => {
    expect(asksAttention(view('a', { unread: 2, me: { muted: true } }))).toBe(false)
    expect(asksAttention(view('a', { unread: 2, mentions: 1, me: { muted: true } }))).toBe(true)
    expect(asksAttention(view('a', { unreadFrom: 4 }))).toBe(true)
  })
})

describe('readPrefs', () => {
  it('survives anything that another version may have stored', () => {
    expect(readPrefs(undefined)).toEqual(NO_PREFS)
    expect(
      readPrefs({
        sections: [{ id: 1 }, { id: 's', name: 'S' }],
        folded: [1, 'x'],
        sort: '?',
        order: { s: 'no' },
      }),
    ).toEqual({
      sections: [{ id: 's', name: 'S' }],
      folded: ['x'],
      sort: 'activity',
      unreadOnly: false,
      order: { s: [] },
    })
  })
})
