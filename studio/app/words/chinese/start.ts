import type { Words } from '../english.ts'

export const startWords: Words['start'] = {
  title: '快速上手',
  text: '六个步骤，让智能体在聊天中回答用户。已完成的内容会保留，随时可以继续。',
  allDone: '全部完成。给机器人发条消息，在这里查看会话。',
  watch: '查看会话',
  done: '已完成',
  steps: {
    runtime: {
      title: '连接运行时',
      text: '智能体在运行时中运行。Studio 告诉它运行什么，并展示运行情况。',
      action: '连接运行时',
    },
    provider: {
      title: '添加模型服务',
      text: '智能体靠它思考：OpenAI，或兼容其协议的本地服务。',
      action: '添加模型服务',
    },
    agent: {
      title: '创建智能体',
      text: '由它来回答。从模板开始，用自己的话写明它做什么。',
      action: '新建智能体',
    },
    connector: {
      title: '添加连接器',
      text: '用户发消息的地方。使用 Telegram 机器人需要 @BotFather 提供的令牌。',
      action: '新建连接器',
    },
    route: {
      title: '把连接器指向智能体',
      text: '路由决定收到的消息由谁回答。',
      action: '新建路由',
    },
    release: {
      title: '发布',
      text: '在此之前，运行时上没有任何变化。首次发布后，智能体就开始回答。',
      action: '检查并发布',
    },
  },
}
