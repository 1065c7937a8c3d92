import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { useWords } from '../words/words.tsx'
import { useRuntime } from './runtime.ts'

const route = getRouteApi('/_signed-in')

/** Says that the address names a runtime that there is not, and which one is shown instead. */
export function UnknownRuntime() {
  const words = useWords().shell
  const { runtime: asked } = route.useSearch()
  const shown = useRuntime()
  const navigate = useNavigate()
  if (asked === undefined || asked === shown?.id) return null
  return (
    <div className="mb-4">
      <Notice
        kind="warn"
        action={
          shown && (
            <Button
              size="small"
              onClick={() =>
                void navigate({ to: '.', search: (now) => ({ ...now, runtime: shown.id }), replace: true })
              }
            >
              {words.stayWith(shown.name)}
            </Button>
          )
        }
      >
        {words.unknownRuntime(shown?.name ?? null)}
      </Notice>
    </div>
  )
}
