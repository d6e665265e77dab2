import { Cell } from '@weft/sdk'

/** The browser's offer to put Weft among the apps. */
interface InstallOffer extends Event {
  prompt(): Promise<void>
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>
}

/** The offer that stands, if there is one. */
export const installOffer = new Cell<InstallOffer | null>(null)

/** Catches the offer, so that it can be made where the reader looks for it. */
export function awaitInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    installOffer.set(event as InstallOffer)
  })
  addEventListener('appinstalled', () => installOffer.set(null))
}

/** Makes the offer; the browser asks the reader. */
export async function install(): Promise<void> {
  const offer = installOffer.get()
  if (!offer) return
  await offer.prompt()
  await offer.userChoice
  // It can be made once.
  installOffer.set(null)
}
