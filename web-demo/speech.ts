/** A page in two languages: what is marked with data-text is said in the one that is chosen. */

import type { Language } from './texts.ts';

export interface Speech<T> {
  readonly language: Language;
  say(id: keyof T): string;
  /** A time in words. */
  time(time: string | number): string;
}

/** `show` is called now, and after each change of the language. */
export function speak<T extends Record<string, string>>(texts: { en: T; zh: T }, show: (speech: Speech<T>) => void): Speech<T> {
  const speech = {
    language: (navigator.language.startsWith('zh') ? 'zh' : 'en') as Language,
    say: (id: keyof T): string => texts[speech.language][id] ?? '',
    time: (time: string | number): string =>
      new Date(time).toLocaleString(speech.language === 'zh' ? 'zh-Hans' : 'en', { dateStyle: 'medium', timeStyle: 'short' }),
  };
  function change(to: Language): void {
    speech.language = to;
    document.documentElement.lang = to === 'zh' ? 'zh-Hans' : 'en';
    document.title = `Subrosa: ${speech.say('title')}`;
    for (const node of document.querySelectorAll<HTMLElement>('[data-text]')) node.textContent = speech.say(node.dataset.text ?? '');
    for (const button of document.querySelectorAll<HTMLElement>('[data-language]'))
      button.setAttribute('aria-pressed', String(button.dataset.language === to));
    show(speech);
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]'))
    button.addEventListener('click', () => change(button.dataset.language as Language));
  change(speech.language);
  return speech;
}
