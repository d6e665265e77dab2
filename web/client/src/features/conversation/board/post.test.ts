import { describe, expect, it } from 'vitest'

import { joinDraft, splitDraft } from './post'

describe('drafts of announcements', () => {
  it('keep title and text apart', () => {
    expect(splitDraft(joinDraft('停机  通知', 'a\n\nb'))).toEqual({ title: '停机 通知', text: 'a\n\nb' })
    expect(splitDraft(joinDraft('', 'only text'))).toEqual({ title: '', text: 'only text' })
  })
  it('are none where nothing is written', () => {
    expect(joinDraft(' ', '\n')).toBe('')
    expect(splitDraft('')).toEqual({ title: '', text: '' })
  })
})
