import { html, raw } from 'hono/html'
import type { OpenapiDocument } from '../openapi.ts'
import { problemStatuses, problemTitles } from '../problem-codes.ts'
import { type Schema, type SchemaRow, schemaRows, typeOf } from './schema-rows.ts'
import { style } from './style.ts'
import { type Language, words } from './words.ts'

interface Parameter {
  name: string
  in: string
  description?: string
  required?: boolean
  schema?: Schema
}

interface Content {
  content?: Record<string, { schema?: Schema }>
  description?: string
}

interface Operation {
  method: string
  path: string
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security?: unknown[]
  parameters?: Parameter[]
  requestBody?: Content
  responses: Record<string, Content>
}

/** The document as a page to read, complete in itself. `hono/html` escapes whatever is put into it. */
export function docsPage(document: OpenapiDocument, { language, basePath }: { language: Language; basePath: string }) {
  const say = words[language]
  const operations = operationsIn(document)
  const groups = (document.tags ?? []).map(({ name, description = '' }) => ({
    name,
    description,
    operations: operations.filter(({ tags }) => tags.includes(name)),
  }))
  const other = language === 'zh' ? 'en' : 'zh'
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say.title}</title>
<style>${raw(style)}</style>
</head>
<body>
<div class="page">
<header>
<h1>${say.title} <small>${document.info.version}</small></h1>
<p class="lead"><a href="${basePath}/openapi.json">${say.document}</a> · <a href="?lang=${other}" hreflang="${other}">${say.otherLanguage}</a></p>
</header>
<nav aria-label="${say.contents}">
${groups.map(
  (group) => html`<div><h2>${group.name}</h2><ul>
${group.operations.map((operation) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
</ul></div>`,
)}
<div><h2><a href="#problem-codes">${say.codes}</a></h2></div>
</nav>
<main>
${groups.map(
  (group) => html`<section><h2>${group.name}</h2><p>${group.description}</p>
${group.operations.map((operation) => shown(operation, document, say, basePath))}
</section>`,
)}
<section id="problem-codes"><h2>${say.codes}</h2>
<div class="table"><table><thead><tr><th>${say.code}</th><th>${say.status}</th><th>${say.meaning}</th></tr></thead><tbody>
${Object.entries(problemTitles).map(
  ([code, title]) =>
    html`<tr><td><code>${code}</code></td><td>${problemStatuses[code as keyof typeof problemStatuses]}</td><td>${title}</td></tr>`,
)}
</tbody></table></div></section>
</main>
</div>
</body>
</html>`
}

type Words = (typeof words)[Language]

function shown(operation: Operation, document: OpenapiDocument, say: Words, basePath: string) {
  const {
    method,
    path,
    operationId,
    summary,
    description,
    parameters = [],
    requestBody,
    responses,
    security,
  } = operation
  const body = schemaIn(requestBody)
  const answers = Object.entries(responses).filter(([status]) => /^2/.test(status))
  return html`<article id="${operationId}">
<h3>${summary}</h3>
<div class="route"><span class="method">${method}</span><code>${basePath}${path}</code>${
    security?.length === 0 ? html`<span class="open">${say.noKey}</span>` : ''
  }</div>
${description === undefined ? '' : html`<p>${prose(description)}</p>`}
${
  parameters.length === 0
    ? ''
    : rows(
        say.parameters,
        parameters.map((one) => ofParameter(one, document)),
        say,
      )
}
${body === null ? '' : rows(say.body, schemaRows(body, document), say)}
${answers.map(([status, content]) => {
  const schema = schemaIn(content)
  return html`<h4>${say.answers} ${status}</h4><p>${prose(content.description ?? '')}</p>${
    schema === null ? '' : table(schemaRows(schema, document).map(given), say)
  }`
})}
<h4>${say.example}</h4><pre>${curl(operation, body, document, basePath)}</pre>
</article>`
}

function rows(title: string, found: SchemaRow[], say: Words) {
  return found.length === 0 ? '' : html`<h4>${title}</h4>${table(found, say)}`
}

function table(found: SchemaRow[], say: Words) {
  if (found.length === 0) return ''
  return html`<div class="table"><table><thead><tr><th>${say.name}</th><th>${say.type}</th><th>${say.meaning}</th></tr></thead><tbody>
${found.map(
  ({ place, type, isRequired, description }) =>
    html`<tr><td><code>${place}</code>${isRequired ? html`<span class="required">${say.required}</span>` : ''}</td><td class="type"><code>${type}</code></td><td>${prose(description)}</td></tr>`,
)}
</tbody></table></div>`
}

function ofParameter(parameter: Parameter, document: OpenapiDocument): SchemaRow {
  const { name, schema = {}, required = false, description = schema.description ?? '' } = parameter
  const where = parameter.in === 'path' ? name : `${name} (${parameter.in})`
  return { place: where, type: typeOf(schema, document), isRequired: required, description }
}

/** What an answer has it has; only of a request it is worth saying. */
function given(row: SchemaRow): SchemaRow {
  return { ...row, isRequired: false }
}

/** What stands between backticks is code; descriptions have no other marks. */
function prose(text: string) {
  return text.split('`').map((piece, index) => (index % 2 === 1 ? html`<code>${piece}</code>` : piece))
}

function schemaIn(content: Content | undefined): Schema | null {
  return content?.content?.['application/json']?.schema ?? null
}

function curl({ method, path }: Operation, body: Schema | null, document: OpenapiDocument, basePath: string): string {
  const url = `http://127.0.0.1:7400${basePath}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `<${name}>`)}`
  const required = schemaRows(body ?? {}, document).filter(({ place, isRequired }) => isRequired && !/[.[]/.test(place))
  const fields =
    required.length > 0 ? required.map(({ place, type }) => `"${place}": ${sample(type)}`) : ['"text": "hello"']
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${url}`,
    `  -H "Authorization: Bearer $ASYNCV_KEY"`,
    ...(body === null ? [] : [`  -H "Content-Type: application/json"`, `  -d '{ ${fields.join(', ')} }'`]),
  ].join(' \\\n')
}

function sample(type: string): string {
  if (type.startsWith('string')) return '"…"'
  return type.endsWith('[]') ? '[]' : '{}'
}

function operationsIn({ paths = {} }: OpenapiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Omit<Operation, 'method' | 'path'>>).map(([method, operation]) => ({
      ...operation,
      tags: operation.tags ?? [],
      method: method.toUpperCase(),
      path,
    })),
  )
}
