import { expect, test } from 'vitest'
import { defineAgent } from '../agent.ts'
import { time } from '../offline/time.ts'
import { fakeConnector } from '../testing/fake-connector.ts'
import { Platforms } from '../testing/publisher.fixture.ts'
import { fileRelease } from './file-release.ts'

const { definitions } = new Platforms()
const agent = { name: 'helper', model: 'main/any', instructions: 'Be brief.', tools: ['time'] }

test('plain data is portable, and what belongs to the host is not looked at', () => {
  const parts = {
    agents: [agent],
    routes: [{ connector: 'chat', agent: 'helper' }],
    providers: { main: { type: 'echo', options: { says: 'x' } } },
    connectors: { chat: { type: 'chat', options: { account: 'a', token: { $secret: 'TOKEN' } } } },
  }
  const { document, left } = fileRelease({ ...parts, storage: 'sqlite:x.db', plugins: ['y'], width: 3 }, definitions)
  expect(document).toEqual({ schemaVersion: 1, ...parts })
  expect(left).toEqual([])
})

test('code and secrets stay with the file, each with its reason', () => {
  const { document, left } = fileRelease(
    {
      agents: [
        agent,
        { ...agent, name: 'poet', instructions: () => 'Rhyme.' },
        { ...agent, name: 'clock', tools: [time] },
      ],
      connectors: {
        made: fakeConnector(),
        inline: { type: 'chat', options: { account: 'a', token: 'sesame-canary' } },
        client: { type: 'chat', options: { account: new Map() } },
      },
    },
    definitions,
  )
  expect(document.agents.map(({ name }) => name)).toEqual(['helper'])
  expect(document.connectors).toEqual({})
  expect(left.map(({ pointer, detail }) => `${pointer} ${detail.slice(0, 14)}`)).toEqual([
    '/agents/1/instructions is a function,',
    '/agents/2/tools/0 is a tool’s co',
    '/connectors/made is a made conn',
    '/connectors/client/options/account is an object o',
    '/connectors/inline/options/token holds a secret',
  ])
  expect(JSON.stringify({ document, left })).not.toContain('sesame')
})

test('a checked agent is as portable as what it was made of', () => {
  const { document } = fileRelease({ agents: [defineAgent(agent)] }, definitions)
  expect(document.agents[0]).toMatchObject({ name: 'helper', model: ['main/any'], tools: ['time'] })
})
