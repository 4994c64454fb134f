import holidays from '@holiday-jp/holiday_jp';

/** Whether a day (YYYY-MM-DD) is a holiday in Japan, substitute holidays and those in between included. Known up to the end of 2050. */
export function isHolidayInJapan(date: string): boolean {
  return Object.hasOwn(holidays.holidays, date);
}
