import { createFileRoute, redirect } from '@tanstack/react-router'
import { navigation } from '../../shell/navigation.ts'

/** The start page is the first section. */
export const Route = createFileRoute('/_signed-in/')({
  beforeLoad() {
    throw redirect({ to: navigation[0]?.to ?? '/settings', replace: true })
  },
})
