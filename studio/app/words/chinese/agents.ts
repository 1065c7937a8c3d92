import type { Words } from '../english.ts'

export const agentsWords: Words['agents'] = {
  text: '由谁来回答：指令、模型、工具和限制。',
  create: '新建智能体',
  createText: '从模板开始，之后都可以修改。',
  empty: '还没有智能体',
  emptyHint: '智能体负责回答用户：它由指令、模型和可用的工具组成。',
  template: '模板',
  instructions: '指令',
  instructionsPlaceholder: '智能体是谁、做什么、绝不做什么。',
  noInstructions: '尚未填写。',
  write: '编辑',
  source: '原文',
  preview: '预览',
  characters: (count, most) => `Markdown，${count} / ${most} 个字符`,
  behaviour: '工作方式',
  model: '模型',
  models: '模型与备用模型',
  modelsHint: '前一个失败时，由下一个接替。',
  modelHint: '模型服务和模型，也可以直接输入。',
  modelPlaceholder: '服务/模型',
  modelShape: '请填写模型服务和模型，例如 main/gpt-5-mini。',
  fallback: (n) => `备用模型 ${n}`,
  addFallback: '添加备用模型',
  moveUp: (model) => `上移 ${model}`,
  moveDown: (model) => `下移 ${model}`,
  removeModel: (model) => `移除 ${model}`,
  tools: '工具',
  toolsUnknown: '没有运行时响应，无法得知有哪些工具。',
  noTools: '此运行时没有工具。',
  toolMissing: '运行时没有这个工具。',
  effects: { read: '只读', idempotent: '可安全重复', once: '不会重复执行' },
  limits: '限制',
  limitsHint: '任务达到任一限制即结束。灰色数字为默认值。',
  seconds: '秒',
  limitHints: {
    wallMs: '从任务开始到结束',
    modelCalls: '一个任务内的调用次数',
    toolCalls: '一个任务内的调用次数',
    outputTokens: '一个任务内生成的数量',
    historyTokens: '随请求发送的历史消息',
  },
  whenBusy: '正在回答时收到新消息',
  whenBusyNames: { default: '按默认方式', steer: '立即采纳', queue: '排队等候' },
  whenBusyHints: {
    default: '聊天消息会被立即采纳，API 调用则排队等候。',
    steer: '正在进行的回答会把新消息一并考虑。',
    queue: '每条消息依次得到各自的回答。',
  },
  places: {
    name: '名称',
    instructions: '指令',
    model: '模型',
    tools: '工具',
    whenBusy: '忙碌时',
    limits: {
      wallMs: '时长',
      modelCalls: '模型调用',
      toolCalls: '工具调用',
      outputTokens: '输出 token',
      historyTokens: '历史 token',
    },
  },
  templates: {
    blank: { name: '空白', text: '只有名称和模型。' },
    support: {
      name: '客服',
      text: '在聊天中简短答复客户，无法处理时转交他人。',
      instructions: `# 角色

你代表我们公司在聊天中答复客户。

# 回答方式

- 简短而友善：两三句话；如缺少信息，再提一个问题。
- 使用客户的语言。
- 只说你确知的内容；不知道时如实说明，并告知该找谁。

# 绝不做的事

- 承诺退款、日期或价格。
- 索要密码或银行卡号。
`,
    },
    translator: {
      name: '翻译',
      text: '翻译每一条消息，不说其他内容。',
      instructions: `# 角色

你是翻译。中文译成英文，其他语言译成中文。

# 回答方式

- 只给出译文：不问候，不解释。
- 人名、数字、代码和格式保持原样。
- 一词多义时，选择符合全文语境的含义。
`,
    },
    writer: {
      name: '写作',
      text: '按要求的语气起草和润色文字。',
      instructions: `# 角色

你负责撰写和润色文字：邮件、公告、说明。

# 工作方式

- 读者和目的不清楚时先询问，否则直接开始。
- 句子简短，用词平实，删去一切多余的内容。
- 润色时先给出新的文字，再列出最重要的三处修改。
`,
    },
    analyst: {
      name: '分析',
      text: '逐步分析问题，并用工具计算。',
      instructions: `# 角色

你回答需要多个步骤的数字与事实问题。

# 工作方式

- 先用一句话说明思路，然后着手。
- 用计算器计算，不要心算。
- 先给结论，再说明过程，最后指出不确定之处。
`,
    },
  },
}
