/** The page's own words; what it shows of the routes is in English, as in the document. */
const english = {
  title: 'asyncv runtime API',
  contents: 'Contents',
  parameters: 'Parameters',
  body: 'Body',
  answers: 'Answers',
  example: 'Example',
  name: 'Name',
  type: 'Type',
  meaning: 'Meaning',
  required: 'required',
  noKey: 'no key needed',
  document: 'The same as an OpenAPI document',
  otherLanguage: '中文',
  codes: 'Problem codes',
  code: 'Code',
  status: 'Status',
}

type Words = Record<keyof typeof english, string>

const chinese: Words = {
  title: 'asyncv 运行时 API',
  contents: '目录',
  parameters: '参数',
  body: '请求体',
  answers: '响应',
  example: '示例',
  name: '名称',
  type: '类型',
  meaning: '含义',
  required: '必填',
  noKey: '无需密钥',
  document: '同样内容的 OpenAPI 文档',
  otherLanguage: 'English',
  codes: '错误码',
  code: '错误码',
  status: '状态码',
}

export type Language = 'en' | 'zh'

export const words: Readonly<Record<Language, Words>> = { en: english, zh: chinese }

/** The one that is asked for, else what the browser prefers of the two. */
export function languageOf(asked: string | undefined, accepted: string | undefined): Language {
  if (asked === 'zh' || asked === 'en') return asked
  const first = /\b(zh|en)\b/i.exec(accepted ?? '')?.[1]
  return first?.toLowerCase() === 'zh' ? 'zh' : 'en'
}
