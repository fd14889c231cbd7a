/** What the elements say. */

const en = {
  title: 'Your choice',
  intro: 'Nothing leaves this page without your consent. You can change your mind at any time.',
  policy: 'Read the whole policy',
  changed: 'What has changed since last time',
  data: 'Data',
  recipients: 'Recipients',
  retention: 'Kept for',
  separate: 'This needs a choice of its own: "Accept all" does not include it.',
  acceptAll: 'Accept all',
  refuseAll: 'Refuse all',
  save: 'Save my choices',
  later: 'Decide later',
  saved: 'Your choices are saved.',
  left: 'Some purposes need a choice of their own. Tick them one by one and save.',
  gpcOn: 'Your browser sends Global Privacy Control. It is honoured: your data is not sold or shared.',
  gpcAsk: 'Your browser asks that data is not shared. Share it for these purposes all the same?',
  gpcYes: 'Share all the same',
  gpcNo: 'Do not share',
  memory: 'This browser blocks storage: your choices end when you close the page.',
  unreadable: 'Your stored choices could not be read, so you are asked again. They were put aside, not used.',
  settings: 'Privacy settings',
  withdraw: 'Withdraw',
  withdrawAll: 'Withdraw everything',
  withdrawn: 'Withdrawn. Nothing more leaves.',
  matrix: 'Which data may go to whom',
  history: 'All versions of the policy',
  accepted: 'the version you accepted',
  current: 'in force',
  receipt: 'Download the receipt',
  refusedBy: 'Not saved:',
  logged: 'The receipt is in the public log, as its proof shows.',
  notLogged: 'The proof of the receipt does not hold: keep it, and ask the controller.',
};

export type ElementTexts = typeof en;

const zh: ElementTexts = {
  title: '您的选择',
  intro: '未经您的同意，任何内容都不会离开本页面。您可以随时改变主意。',
  policy: '阅读完整的隐私政策',
  changed: '自上次以来的变更',
  data: '数据',
  recipients: '接收方',
  retention: '保存期限',
  separate: '此项需要单独同意，“全部同意”不包括此项。',
  acceptAll: '全部同意',
  refuseAll: '全部拒绝',
  save: '保存我的选择',
  later: '稍后决定',
  saved: '您的选择已保存。',
  left: '部分目的需要单独同意。请逐项勾选后保存。',
  gpcOn: '您的浏览器发送了全球隐私控制信号，我们予以遵守：您的数据不会被出售或共享。',
  gpcAsk: '您的浏览器要求不共享数据。仍要为以下目的共享吗？',
  gpcYes: '仍然共享',
  gpcNo: '不共享',
  memory: '此浏览器禁止存储：关闭页面后您的选择即失效。',
  unreadable: '无法读取您已保存的选择，因此再次征求您的意见。原有记录已另存，不会被使用。',
  settings: '隐私设置',
  withdraw: '撤回',
  withdrawAll: '全部撤回',
  withdrawn: '已撤回，不再发送任何内容。',
  matrix: '哪些数据可以提供给谁',
  history: '隐私政策的所有版本',
  accepted: '您同意的版本',
  current: '现行版本',
  receipt: '下载凭证',
  refusedBy: '未保存：',
  logged: '凭证已记入公开日志，其证明有效。',
  notLogged: '凭证的证明无效：请保留该凭证并询问个人信息处理者。',
};

export const elementTexts = { en, zh };

const dataNames: Record<string, { en: string; zh: string }> = {
  text: { en: 'text', zh: '文字' },
  voice: { en: 'voice', zh: '语音' },
  image: { en: 'images', zh: '图片' },
  file: { en: 'files', zh: '文件' },
  ip: { en: 'IP address', zh: 'IP 地址' },
  ip_coarse: { en: 'network', zh: '所在网络' },
  device: { en: 'device', zh: '设备' },
  browser: { en: 'browser', zh: '浏览器' },
  user_agent: { en: 'browser and device', zh: '浏览器和设备' },
  browser_family: { en: 'kind of browser', zh: '浏览器类型' },
  client_hints: { en: 'details of browser and device', zh: '浏览器和设备详情' },
};

/** A type of data in words; one of the policy's own keeps its name. */
export const dataName = (type: string, language: 'en' | 'zh'): string => dataNames[type]?.[language] ?? type;

const units: Record<string, string> = { Y: 'year', M: 'month', W: 'week', D: 'day' };

/** An ISO 8601 duration in words: "P90D" is "90 days". One with a time of day stays as it is. */
export function durationInWords(duration: string, language: 'en' | 'zh'): string {
  const parts = [...duration.matchAll(/(\d+)([YMWD])/g)];
  if (!/^P(\d+[YMWD])+$/.test(duration)) return duration;
  const format = (count: string, unit: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: units[unit] ?? 'day', unitDisplay: 'long' }).format(Number(count));
  return parts.map(([, count = '', unit = '']) => format(count, unit)).join(' ');
}
