import { type ComponentType, type ReactNode, useLayoutEffect, useState } from 'react'

/**
 * A component that is loaded when it is `open` for the first time, and drawn from then on, so that it can fade out. Until it
 * is here nothing is drawn; where it cannot be loaded, the next opening tries again, and the page stays as it is.
 */
export function onNeed<Props extends { open: boolean }>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let loaded: ComponentType<Props> | null = null

  function OnNeed(props: Props): ReactNode {
    const { open } = props
    const [Drawn, setDrawn] = useState<ComponentType<Props> | null>(null)
    // Before the paint: what is here already comes as fast as if it had always been.
    useLayoutEffect(() => {
      if (!open || Drawn) return
      if (loaded) return setDrawn(() => loaded)
      let left = false
      prepare().then(
        () => !left && setDrawn(() => loaded),
        // `vite:preloadError` has told the page.
        () => {},
      )
      return () => {
        left = true
      }
    }, [open, Drawn])
    return Drawn && <Drawn {...props} />
  }

  /** Loads it ahead: the pointer is over what opens it. */
  async function prepare(): Promise<void> {
    loaded ??= (await load()).default
  }
  return Object.assign(OnNeed, { prepare: () => void prepare().catch(() => {}) })
}
