import { lazy } from 'react'

import { networkIsThin } from '../../shared/preferences'

const load = {
  thread: () => import('./panels/ThreadPanel'),
  details: () => import('./panels/DetailsPanel'),
  members: () => import('./panels/MembersPanel'),
  pins: () => import('./panels/PinsPanel'),
  dialogs: () => import('./dialogs/Dialogs'),
  ask: () => import('./composer/AckOption'),
  ack: () => import('./message/AckBanner'),
  links: () => import('./message/LinkCards'),
  receipts: () => import('./message/ReceiptPopover'),
  edit: () => import('./composer/EditBox'),
  date: () => import('./list/AskDate'),
  hover: () => import('./message/HoverBar'),
  press: () => import('./message/PressMenu'),
  emoji: () => import('./emoji/EmojiPopover'),
  files: () => import('./panels/FilesPanel'),
  file: () => import('../../shared/files/FilesPart'),
  attachments: () => import('./attachments/AttachmentRow'),
  attach: () => import('./attachments/AttachMenu'),
  topics: () => import('./topics'),
  bell: () => import('./BellMenu'),
  poll: () => import('./polls/PollCard'),
  sticker: () => import('./stickers/StickerView'),
  board: () => import('./board/Board'),
  vanish: () => import('./vanish'),
}

// What opens beside or over a conversation comes after it, so that the conversation comes sooner.
export const ThreadPanel = lazy(() => load.thread().then((m) => ({ default: m.ThreadPanel })))
export const DetailsPanel = lazy(() => load.details().then((m) => ({ default: m.DetailsPanel })))
export const MembersPanel = lazy(() => load.members().then((m) => ({ default: m.MembersPanel })))
export const PinsPanel = lazy(() => load.pins().then((m) => ({ default: m.PinsPanel })))
export const Dialogs = lazy(() => load.dialogs().then((m) => ({ default: m.Dialogs })))
export const AckOption = lazy(() => load.ask().then((m) => ({ default: m.AckOption })))
export const AckChip = lazy(() => load.ask().then((m) => ({ default: m.AckChip })))
export const AckBanner = lazy(() => load.ack().then((m) => ({ default: m.AckBanner })))
export const LinkCards = lazy(() => load.links().then((m) => ({ default: m.LinkCards })))
export const ReceiptPopover = lazy(() => load.receipts().then((m) => ({ default: m.ReceiptPopover })))
export const FilesPanel = lazy(() => load.files().then((m) => ({ default: m.FilesPanel })))
export const FilesPart = lazy(load.file)
export const AttachmentRow = lazy(load.attachments)
export const AttachMenu = lazy(load.attach)
export const TopicsView = lazy(() => load.topics().then((m) => ({ default: m.TopicsView })))
export const ThreadsView = lazy(() => load.topics().then((m) => ({ default: m.ThreadsView })))
export const TopicOption = lazy(() => load.topics().then((m) => ({ default: m.TopicOption })))
export const TopicChip = lazy(() => load.topics().then((m) => ({ default: m.TopicChip })))
export const AwayNotes = lazy(() => import('../../shared/attention/AwayNotes'))
export const Moon = lazy(() => import('../../shared/attention/Moon'))
export const BellMenu = lazy(load.bell)
export const Board = lazy(load.board)
export const PollCard = lazy(load.poll)
export const StickerView = lazy(load.sticker)
export const VanishMark = lazy(() => load.vanish().then((m) => ({ default: m.VanishMark })))
export const VanishChip = lazy(() => load.vanish().then((m) => ({ default: m.VanishChip })))
export const VanishLine = lazy(() => load.vanish().then((m) => ({ default: m.VanishLine })))
export const EditBox = lazy(() => load.edit().then((m) => ({ default: m.EditBox })))
export const AskDate = lazy(() => load.date().then((m) => ({ default: m.AskDate })))
export const HoverBar = lazy(() => load.hover().then((m) => ({ default: m.HoverBar })))
export const PressMenu = lazy(() => load.press().then((m) => ({ default: m.PressMenu })))
export const EmojiPopover = lazy(() => load.emoji().then((m) => ({ default: m.EmojiPopover })))

let started = false

/** Fetches the rest while nothing else is to do, so that the first panel opens at once. */
export function preload(): void {
  if (started || networkIsThin()) return
  started = true
  const idle = window.requestIdleCallback ?? ((fn: () => void) => setTimeout(fn, 1500))
  // A failed download is tried again when the part is opened.
  idle(() => void Promise.allSettled(Object.values(load).map((fn) => fn())))
}
