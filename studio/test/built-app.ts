import { succeeded } from '../../scripts/tool.ts'
import { isWebAppOld, startWebAppBuild } from '../../scripts/web-app.ts'

/** What whoever builds it may have in their environment; `bundle.test.ts` looks for it in what was built. */
export const builderVariables = {
  ASYNCV_STUDIO_KEY: 'canary-in-a-key-5b1f',
  OPENAI_API_KEY: 'canary-in-an-api-key-90c2',
  VITE_TOKEN: 'canary-in-a-variable-of-vite-77de',
}

/** The app as it is published, for the service to give out: built once for all tests, when its sources are newer. */
export default async function buildApp(): Promise<void> {
  if (isWebAppOld()) await succeeded(startWebAppBuild(builderVariables))
}
