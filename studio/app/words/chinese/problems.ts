import type { Words } from '../english.ts'

export const problemWords: Words['problems'] = {
  unknown: '出了点问题',
  connection: '无法连接到 Studio',
  connectionHint: '当前显示的内容可能不是最新的。连接恢复后会自动继续。',
  timeout: 'Studio 响应超时。',
  unreadable: 'Studio 的回应无法识别。它可能已更新，请刷新页面。',
  codes: {
    unauthenticated: '你已退出登录，请重新登录。',
    sign_in_failed: '登录名或密码不正确。',
    link_invalid: '这个链接已失效，请索取新的链接。',
    forbidden: '你的角色没有此权限。',
    origin_refused: 'Studio 不接受来自此地址的请求，请从它自己的地址打开。',
    host_refused: 'Studio 不在此地址提供服务，请从它自己的地址打开。',
    route_unknown: 'Studio 不认识这个地址。它可能已更新，请刷新页面。',
    user_unknown: '该用户已不存在。',
    runtime_unknown: '该运行时已断开连接。',
    item_unknown: '它已不存在。',
    release_unknown: '没有这个发布。',
    name_taken: '这个名称已被使用。',
    version_conflict: '在此期间，其他人保存了新的版本。',
    last_admin: '这是最后一位管理员，请先指定另一位管理员。',
    rate_limited: '尝试次数过多，请一分钟后再试。',
    runtime_unreachable: '运行时没有响应。',
    runtime_refused: '运行时不接受 Studio 所持的密钥。',
    internal: 'Studio 内部出错。可凭请求编号在日志中查找原因。',
  },
}
