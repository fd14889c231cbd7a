/** What the catalogue says, in its two languages. */

const en = {
  title: 'what is found',
  heading: 'What is found',
  tagline: 'Every rule, its examples and its source.',
  back: 'Back to the chat',
  list: 'Rules',
  search: 'Search',
  category: 'Category',
  region: 'Region',
  all: 'All',
  everywhere: 'Everywhere',
  count: '{shown} of {all} rules',
  scores: 'Found',
  alone: 'by itself',
  nearWords: 'near its words',
  validator: 'Validator',
  words: 'Words',
  finds: 'Finds',
  ignores: 'Ignores',
  source: 'Source',
  trying: 'Try it',
  tryHint: 'Type here, or choose an example of a rule. All rules look at it, on this page.',
  text: 'Text',
  result: 'Result',
  score: 'score',
  nothing: 'Nothing personal found.',
  loading: 'The page could not be loaded.',
};

const zh: typeof en = {
  title: '能识别什么',
  heading: '能识别什么',
  tagline: '全部规则、示例与来源。',
  back: '返回对话',
  list: '规则',
  search: '搜索',
  category: '类别',
  region: '地区',
  all: '全部',
  everywhere: '通用',
  count: '{all} 条规则中的 {shown} 条',
  scores: '识别方式',
  alone: '单独即可识别',
  nearWords: '需要上下文词语',
  validator: '校验器',
  words: '上下文词语',
  finds: '能识别',
  ignores: '会忽略',
  source: '来源',
  trying: '试一试',
  tryHint: '在此输入，或点选规则的示例。所有规则都在本页运行。',
  text: '文本',
  result: '结果',
  score: '得分',
  nothing: '未发现个人信息。',
  loading: '页面无法加载。',
};

export const texts = { en, zh };
export type TextId = keyof typeof en;

const categoriesEn = {
  contact: 'Contact',
  financial: 'Financial',
  government: 'Government',
  tax: 'Tax',
  health: 'Health',
  vehicle: 'Vehicle',
  network: 'Network',
  device: 'Device',
  credential: 'Credential',
  person: 'Person',
  location: 'Location',
  time: 'Time',
  other: 'Other',
};
export type CategoryId = keyof typeof categoriesEn;

const categoriesZh: Record<CategoryId, string> = {
  contact: '联系方式',
  financial: '金融',
  government: '证件',
  tax: '税务',
  health: '健康',
  vehicle: '车辆',
  network: '网络',
  device: '设备',
  credential: '凭据',
  person: '个人',
  location: '位置',
  time: '时间',
  other: '其他',
};

export const categories = { en: categoriesEn, zh: categoriesZh };
