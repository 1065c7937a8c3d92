import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineAgent } from './agent.ts'
import { defineTool } from './tool.ts'

test('an option that there is not is refused: it would silently mean nothing', () => {
  const tool = { name: 'refund', description: 'Refunds', input: z.object({}), effect: 'once', run: () => null } as const
  expect(() => defineTool({ ...tool, reconcil: null } as never)).toThrow(
    'Tool "refund": unknown option "reconcil". Did you mean "reconcile"?',
  )
  expect(() => defineAgent({ name: 'helper', model: 'main/m', limit: {} } as never)).toThrow(
    'Agent "helper": unknown option "limit". Did you mean "limits"?',
  )
})
