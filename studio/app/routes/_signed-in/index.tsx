import { createFileRoute, redirect } from '@tanstack/react-router'
import { releasesQuery } from '../../features/releases/queries.ts'
import { navigation } from '../../shell/navigation.ts'

/** The start page is the first section; before the first release, the steps to it. */
export const Route = createFileRoute('/_signed-in/')({
  async beforeLoad({ context: { client } }) {
    const { pages } = await client.ensureInfiniteQueryData(releasesQuery)
    const isNew = pages[0]?.data.length === 0
    throw redirect({ to: isNew ? '/start' : (navigation[0]?.to ?? '/settings'), replace: true })
  },
})
