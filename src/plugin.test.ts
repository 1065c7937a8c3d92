import { expect, test } from 'vitest'
import { z } from 'zod'
import { createAsyncv } from './asyncv.ts'
import { resolveConfig } from './config/file.ts'
import { defineConnector, defineProvider } from './definition.ts'
import { definePlugin, type PluginHost, pluginOf } from './plugin.ts'
import { sqlite } from './sqlite/index.ts'
import { scripted } from './testing/scripted.ts'
import { defineTool } from './tool.ts'

const weather = defineTool({
  name: 'weather',
  description: 'Tells the weather',
  input: z.object({}),
  effect: 'read',
  run: () => 'sunny',
})
const provider = defineProvider({ type: 'acme', options: z.object({}), create: () => scripted([]) })
const connector = defineConnector({
  type: 'acme',
  options: z.object({}),
  create: () => {
    throw new Error('not in this test')
  },
})

test('a module is the plugin that it defines, or what it exports', () => {
  const defined = definePlugin({ name: 'acme', tools: [weather] })
  expect(pluginOf('./acme.ts', { default: defined, acme: defined, weather })).toBe(defined)
  const bare = pluginOf('@acme/things', { provider, connector, weather, default: weather, version: '1' })
  expect(bare).toMatchObject({ name: '@acme/things', definitions: [connector, provider], tools: [weather] })
})

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    'nothing of use',
    { default: {}, version: '1' },
    /"x" has no connector, provider or tool; it exports default, version\./,
  ],
  ['nothing', {}, /it exports nothing\./],
  ['two plugins', { a: definePlugin({ name: 'a' }), b: definePlugin({ name: 'b' }) }, /"x" exports 2 plugins\./],
  [
    'one of a later form',
    { a: { ...definePlugin({ name: 'a' }), form: 2 } },
    /has form 2; this version of asyncv knows form 1/,
  ],
])('a module with %s is refused with what there is to do', (_, exported, message) => {
  expect(() => pluginOf('x', exported)).toThrow(message)
})

test.each<[string, object, RegExp]>([
  ['a name that is none', { name: 'a b' }, /Plugin name "a b" is not usable/],
  ['a misspelt option', { name: 'a', tool: [] }, /Plugin "a": unknown option "tool"\. .*tools/],
  [
    'tools that are none',
    { name: 'a', tools: [weather, { name: 'x' }] },
    /Plugin "a": tools\[1\] \(description is undefined\) is not what it should be/,
  ],
  ['a provider among connectors', { name: 'a', connectors: [provider] }, /connectors\[0\]/],
  ['a start that is no function', { name: 'a', start: 7 }, /start or stop/],
])('%s is refused with the place', (_, options, message) => {
  expect(() => definePlugin(options as never)).toThrow(message)
})

const agents = [{ name: 'helper', model: 'offline/demo' }]

const sound = definePlugin({ name: 'acme', tools: [weather] })
const withTool = (tool: object): object => ({ ...sound, tools: [weather, { ...weather, name: 'other', ...tool }] })

test.each<[string, unknown, string]>([
  [
    'of a later form',
    { ...sound, form: 99 },
    'plugins[0] ("acme") has form 99; this version of asyncv knows form 1. Update asyncv.',
  ],
  [
    'of an earlier form',
    { ...sound, form: 0 },
    'plugins[0] ("acme") has form 0; this version of asyncv knows form 1. Update the plugin.',
  ],
  [
    'without a form',
    { ...sound, form: undefined },
    'plugins[0] ("acme") has form undefined; this version of asyncv knows form 1. Update the plugin.',
  ],
  ['that is none', { name: 'acme' }, 'plugins[0]: is no plugin. Make it with definePlugin.'],
  ['that is nothing', null, 'plugins[0]: is no plugin. Make it with definePlugin.'],
  [
    'with no usable name',
    { ...sound, name: 'a b' },
    'plugins[0] ("a b"): name is not usable. Make it with definePlugin.',
  ],
  [
    'without its list of tools',
    { ...sound, tools: undefined },
    'plugins[0] ("acme"): tools is no list. Make it with definePlugin.',
  ],
  [
    'with a definition that is none',
    { ...sound, definitions: [{}] },
    'plugins[0] ("acme"): definitions[0] is neither connector nor provider. Make it with defineConnector or defineProvider.',
  ],
  [
    'with a start that is no function',
    { ...sound, start: 7 },
    'plugins[0] ("acme"): start is no function. Make it with definePlugin.',
  ],
  [
    'whose tool has no input',
    withTool({ input: undefined }),
    'plugins[0] ("acme"): tools[1] ("other"): input is no Standard Schema. Make it with defineTool.',
  ],
  [
    'whose tool has no time limit',
    withTool({ timeoutMs: undefined }),
    'plugins[0] ("acme"): tools[1] ("other"): timeoutMs is undefined. Make it with defineTool.',
  ],
  [
    'whose tool has a time limit that is none',
    withTool({ timeoutMs: -1 }),
    'plugins[0] ("acme"): tools[1] ("other"): timeoutMs is -1. Make it with defineTool.',
  ],
  [
    'whose tool has no reconcile',
    withTool({ reconcile: undefined }),
    'plugins[0] ("acme"): tools[1] ("other"): reconcile is undefined. Make it with defineTool.',
  ],
  [
    'whose tool has an effect that is none',
    withTool({ effect: 'twice' }),
    'plugins[0] ("acme"): tools[1] ("other"): effect is "twice". Make it with defineTool.',
  ],
])('a plugin object %s is refused with its place, in a program and in a configuration', (_, plugin, problem) => {
  // What comes from JavaScript was seen by no compiler.
  expect(() => createAsyncv({ agents, plugins: [plugin as never] })).toThrow(problem)
  const sources = { file: 'asyncv.config.ts', directory: '/', definitions: [], secret: () => undefined }
  expect(() => resolveConfig({ agents, plugins: [plugin] }, sources)).toThrow(`asyncv.config.ts:\n  ${problem}`)
})

function recording(name: string, said: string[], fails?: 'start' | 'stop') {
  return definePlugin({
    name,
    start({ signal }: PluginHost) {
      said.push(`${name} starts`)
      signal.addEventListener('abort', () => said.push(`${name} lets go`))
      if (fails === 'start') throw new Error('no licence')
    },
    stop() {
      said.push(`${name} stops`)
      if (fails === 'stop') throw new Error('cannot')
    },
  })
}

test('plugins start in their order and stop the other way round, once', async () => {
  const said: string[] = []
  const plugins = [recording('one', said), recording('two', said, 'stop'), recording('three', said)]
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents, plugins })
  expect(said).toEqual([])
  await asyncv.start()
  await asyncv.stop()
  await asyncv.stop()
  expect(said).toEqual([
    'one starts',
    'two starts',
    'three starts',
    'three lets go',
    'three stops',
    'two lets go',
    'two stops',
    'one lets go',
    'one stops',
  ])
})

test('one that does not start is named, and those before it are stopped', async () => {
  const said: string[] = []
  const plugins = [recording('one', said), recording('two', said, 'start'), recording('three', said)]
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), agents, plugins })
  await expect(asyncv.start()).rejects.toMatchObject({
    code: 'config_invalid',
    message: 'Plugin "two" does not start: no licence',
  })
  expect(said).toEqual(['one starts', 'two starts', 'two lets go', 'two stops', 'one lets go', 'one stops'])
  await expect(asyncv.agents[0]?.name).toBe('helper')
})

test('agents name the tools of plugins, and two tools of one name are refused', async () => {
  const plugins = [definePlugin({ name: 'acme', tools: [weather] })]
  const model = scripted([{ toolCalls: [{ name: 'weather', args: {} }] }, 'It is sunny.'])
  const options = { providers: { model }, agents: [{ name: 'helper', model: 'model/m', tools: ['weather'] }] }
  const asyncv = createAsyncv({ storage: sqlite(':memory:'), ...options, plugins })
  await asyncv.start()
  const { task } = await asyncv.send({ agent: 'helper', text: 'And the weather?' })
  expect((await asyncv.steps(task)).find(({ kind }) => kind === 'tool')?.result).toMatchObject({ result: 'sunny' })
  await asyncv.stop()
  expect(() => createAsyncv({ ...options, plugins, tools: [weather] })).toThrow('Two of the same name: tool "weather"')
})
