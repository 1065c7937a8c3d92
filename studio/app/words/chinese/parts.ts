import type { Words } from '../english.ts'

export const partsWords: Words['parts'] = {
  type: '类型',
  options: '选项',
  notJson: '还不是有效的 JSON。',
  createText: '先选择类型，随后再填写设置。',
  noTypes: '没有运行时可以告知已安装的类型，请直接输入类型名称。',
  connector: {
    text: '用户发消息的地方：聊天平台及其账号。',
    create: '新建连接器',
    nameHint: '路由通过此名称引用它',
    empty: '还没有连接器',
    emptyHint: '连接器对应聊天平台上的一个账号，用户通过它联系智能体。',
  },
  provider: {
    text: '模型运行的地方：智能体所调用的服务。',
    create: '新建模型服务',
    nameHint: '模型名称的前半部分，例如 main/gpt-5-mini 中的 main',
    empty: '还没有模型服务',
    emptyHint: '智能体依靠模型服务来思考，例如 OpenAI 或任何兼容其协议的服务。',
  },
}
