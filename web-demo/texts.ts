/** What the page says, in its two languages. */

export type Language = 'en' | 'zh';

const en = {
  title: 'Subrosa demo',
  tagline: 'What is personal stays on this page.',
  catalogue: 'What is found',
  centre: 'Privacy centre',
  conversation: 'Conversation',
  empty:
    'Write something personal: an e-mail address, a telephone number, a card number. It is underlined as you type, and it does not leave.',
  message: 'Your message',
  placeholder: 'My address is ann@example.org …',
  send: 'Send',
  record: 'Record',
  stop: 'Stop and send',
  voice: 'Voice message',
  noMicrophone: 'The microphone cannot be used.',
  found: 'Found:',
  nothing: 'Nothing personal found yet.',
  permissions: 'Your permissions',
  permissionsHint: 'Nothing is granted until you say so. Without it, nothing leaves.',
  notice: 'Read the notice',
  inspect: 'One message, three views',
  inspectHint: 'Choose a message in the conversation to see what became of it.',
  typed: 'What you typed',
  leaves: 'What leaves the page',
  saw: 'What the server sees',
  nothingLeft: 'Nothing: zero bytes.',
  nothingSeen: 'Nothing.',
  bytes: 'bytes of ciphertext',
  purpose: 'Purpose',
  policy: 'Policy',
  you: 'You',
  assistant: 'Assistant',
  waiting: 'On its way …',
  sent: 'Sealed and sent',
  held: 'Held on this page until you choose. Allow “Answer my messages”, and it goes.',
  denied: 'Not sent: “Answer my messages” is not allowed. Nothing left the page.',
  failed: 'Not delivered: the server did not take it.',
  outdated: 'Not sent: the service’s list of keys has run out, so nobody vouches for them. Nothing left the page.',
  untrusted: 'Not sent: the service’s list of keys is not signed by whom this page trusts. Nothing left the page.',
  loading: 'The page could not be loaded.',
};

const zh: typeof en = {
  title: 'Subrosa 演示',
  tagline: '个人信息留在本页。',
  catalogue: '能识别什么',
  centre: '隐私中心',
  conversation: '对话',
  empty: '写一点个人信息：电子邮箱、电话号码或卡号。输入时会标出下划线，而且不会离开本页。',
  message: '您的消息',
  placeholder: '我的邮箱是 ann@example.org ……',
  send: '发送',
  record: '录音',
  stop: '停止并发送',
  voice: '语音消息',
  noMicrophone: '无法使用麦克风。',
  found: '找到：',
  nothing: '尚未发现个人信息。',
  permissions: '您的许可',
  permissionsHint: '未经您同意，不会授予任何许可，也不会发送任何内容。',
  notice: '阅读告知书',
  inspect: '一条消息，三种视角',
  inspectHint: '在对话中选择一条消息，查看它的去向。',
  typed: '您输入的内容',
  leaves: '离开本页的内容',
  saw: '服务器看到的内容',
  nothingLeft: '没有：零字节。',
  nothingSeen: '没有。',
  bytes: '字节密文',
  purpose: '目的',
  policy: '政策',
  you: '您',
  assistant: '助手',
  waiting: '发送中……',
  sent: '已加密发送',
  held: '在您作出选择之前保留在本页。许可“回答我的消息”后即发送。',
  denied: '未发送：未许可“回答我的消息”。没有内容离开本页。',
  failed: '未送达：服务器没有接收。',
  outdated: '未发送：该服务的密钥清单已过期，无人为其担保。没有内容离开本页。',
  untrusted: '未发送：该服务的密钥清单未经本页所信任者签名。没有内容离开本页。',
  loading: '页面无法加载。',
};

export const texts = { en, zh };
export type TextId = keyof typeof en;

const entitiesZh: Record<string, string> = {
  EMAIL_ADDRESS: '电子邮箱',
  PHONE_NUMBER: '电话号码',
  CREDIT_CARD: '银行卡号',
  IBAN_CODE: '国际银行账号',
  IP_ADDRESS: 'IP 地址',
  URL: '网址',
  PERSON: '姓名',
  DATE_OF_BIRTH: '出生日期',
  CN_RESIDENT_ID: '居民身份证号',
  PASSWORD: '密码',
  SECRET: '密钥',
};

/** An entity in words. */
export function entityName(entity: string, language: Language): string {
  return (language === 'zh' && entitiesZh[entity]) || entity.toLowerCase().replaceAll('_', ' ');
}
