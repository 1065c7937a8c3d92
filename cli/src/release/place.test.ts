import { expect, test } from 'vitest'
import { describeProblems } from './place.ts'

const json = `{
  "agents": [
    { "name": "a", "model": "main/m" },
    {
      "name": "b",
      "limits":
        { "modelCalls": 0 }
    }
  ],
  "connectors": { "0": { "type": "x" }, "a/b": {
    "type": "y" } }
}
`

test.each([
  ['/agents/1/limits/modelCalls', 7],
  ['/agents/1/limits', 6],
  ['/agents/1/model', 4],
  ['/agents/0', 3],
  ['/connectors/0/type', 10],
  ['/connectors/a~1b/type', 11],
  ['/routes/3/agent', 1],
  ['', 1],
])('%s stands in line %i', (pointer, line) => {
  const [said] = describeProblems({ name: 'asyncv.config.json', json }, [{ pointer, detail: 'is wrong.' }])
  expect(said).toBe(`asyncv.config.json:${line}  ${pointer === '' ? '' : `${pointer}: `}is wrong.`)
})

test('problems are told in the order of the file', () => {
  const problems = ['/connectors/0', '/agents/1', '/agents/0'].map((pointer) => ({ pointer, detail: 'x' }))
  expect(describeProblems({ name: 'f', json }, problems).map((line) => line.split(' ')[0])).toEqual([
    'f:3',
    'f:4',
    'f:10',
  ])
})

test('of what is no JSON, the place in it is told', () => {
  expect(
    describeProblems({ name: 'asyncv.config.ts', json: null }, [{ pointer: '/agents/0/model', detail: 'x' }]),
  ).toEqual(['asyncv.config.ts  /agents/0/model: x'])
})
