import type { Words } from '../english.ts'

export const routesWords: Words['routes'] = {
  text: '各个连接器收到的消息分别由哪个智能体回答。',
  create: '新建路由',
  createText: '一个连接器对应一个智能体。',
  empty: '还没有路由',
  emptyHint: '路由决定由哪个智能体回答通过连接器发来的消息。',
  connector: '连接器',
  connectorHint: '用户发消息的地方',
  connectorFixed: '路由的连接器不可更改。如需其他连接器，请新建路由。',
  chooseConnector: '选择连接器',
  agent: '智能体',
  agentHint: '由谁回答',
  chooseAgent: '选择智能体',
  noConnector: '没有可用的连接器，或所有连接器都已有路由。请先新建连接器。',
  noAgent: '还没有智能体，请先新建一个。',
  created: (connector, agent) => `${connector} 的消息现在由 ${agent} 回答`,
}
