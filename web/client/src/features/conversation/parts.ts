import { lazy } from 'react'

const load = {
  details: () => import('./panels/DetailsPanel'),
  members: () => import('./panels/MembersPanel'),
  pins: () => import('./panels/PinsPanel'),
  dialogs: () => import('./dialogs/Dialogs'),
  ask: () => import('./composer/AckOption'),
  ack: () => import('./message/AckBanner'),
  receipts: () => import('./message/ReceiptPopover'),
  emoji: () => import('./emoji/EmojiPopover'),
}

// What opens beside or over a conversation comes after it, so that the conversation comes sooner.
export const DetailsPanel = lazy(() => load.details().then((m) => ({ default: m.DetailsPanel })))
export const MembersPanel = lazy(() => load.members().then((m) => ({ default: m.MembersPanel })))
export const PinsPanel = lazy(() => load.pins().then((m) => ({ default: m.PinsPanel })))
export const Dialogs = lazy(() => load.dialogs().then((m) => ({ default: m.Dialogs })))
export const AckOption = lazy(() => load.ask().then((m) => ({ default: m.AckOption })))
export const AckChip = lazy(() => load.ask().then((m) => ({ default: m.AckChip })))
export const AckBanner = lazy(() => load.ack().then((m) => ({ default: m.AckBanner })))
export const ReceiptPopover = lazy(() => load.receipts().then((m) => ({ default: m.ReceiptPopover })))
export const EmojiPopover = lazy(() => load.emoji().then((m) => ({ default: m.EmojiPopover })))

let started = false

/** Fetches the rest while nothing else is to do, so that the first panel opens at once. */
export function preload(): void {
  if (started) return
  started = true
  const idle = window.requestIdleCallback ?? ((fn: () => void) => setTimeout(fn, 1500))
  // A failed download is tried again when the part is opened.
  idle(() => void Promise.allSettled(Object.values(load).map((fn) => fn())))
}
