import { useWeft } from '@weft/sdk/react'
import { useTranslation } from 'react-i18next'

import { FileList } from '../../shared/files/FileList'
import { Page } from '../../shared/Page'
import { paths } from '../../shared/paths'

/** All files that one may read. */
export default function FilesPage() {
  const { t } = useTranslation('files')
  const weft = useWeft()
  return (
    <Page title={t('title')} back={paths.home(weft.org)}>
      <FileList />
    </Page>
  )
}
