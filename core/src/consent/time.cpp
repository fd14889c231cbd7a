// SPDX-License-Identifier: Apache-2.0
#include "consent/time.h"

#include <algorithm>

namespace subrosa::consent {
namespace {

constexpr Seconds kDay = 86400;
constexpr std::string_view kTimeShape = "dddd-dd-ddTdd:dd:ddZ";

struct Date {
  int64_t year;
  int64_t month;  // 1 to 12
  int64_t day;    // 1 to 31
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int64_t days_in(int64_t year, int64_t month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

int64_t leap_years_before(int64_t year) {
  const int64_t last = year - 1;
  return last / 4 - last / 100 + last / 400;
}

int64_t days_before(int64_t year) {
  return (year - 1970) * 365 + leap_years_before(year) - leap_years_before(1970);
}

int64_t to_days(const Date& date) {
  int64_t days = days_before(date.year) + date.day - 1;
  for (int64_t month = 1; month < date.month; ++month) days += days_in(date.year, month);
  return days;
}

Date to_date(int64_t days) {
  Date date{1970 + days / 366, 1, 1};  // never too late, and at most a few years too early
  while (days_before(date.year + 1) <= days) ++date.year;
  days -= days_before(date.year);
  while (days >= days_in(date.year, date.month)) days -= days_in(date.year, date.month++);
  date.day = days + 1;
  return date;
}

std::string padded(int64_t value, size_t width) {
  std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

bool parse_time(std::string_view text, Seconds* time) {
  if (text.size() != kTimeShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (kTimeShape[i] == 'd' ? !is_digit(text[i]) : text[i] != kTimeShape[i]) return false;
  }
  const auto number = [text](size_t start, size_t size) {
    int64_t value = 0;
    for (const char c : text.substr(start, size)) value = value * 10 + (c - '0');
    return value;
  };
  const Date date{number(0, 4), number(5, 2), number(8, 2)};
  const int64_t hour = number(11, 2);
  const int64_t minute = number(14, 2);
  const int64_t second = number(17, 2);
  if (date.year < 1970 || date.year > 2105 || date.month < 1 || date.month > 12) return false;
  if (date.day < 1 || date.day > days_in(date.year, date.month)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  *time = to_days(date) * kDay + hour * 3600 + minute * 60 + second;
  return true;
}

std::string format_time(Seconds time) {
  const Date date = to_date(time / kDay);
  const int64_t second = time % kDay;
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T" +
         padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" +
         padded(second % 60, 2) + "Z";
}

bool parse_period(std::string_view text, Period* period) {
  static constexpr std::string_view kUnits = "YMWD";
  if (text.size() < 3 || text[0] != 'P') return false;
  Period parsed;
  size_t next_unit = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    uint32_t value = 0;
    const size_t start = i;
    for (; i < text.size() && is_digit(text[i]); ++i) {
      if (i - start == 5) return false;
      value = value * 10 + static_cast<uint32_t>(text[i] - '0');
    }
    const size_t unit =
        i < text.size() && i > start ? kUnits.find(text[i], next_unit) : kUnits.npos;
    if (unit == kUnits.npos) return false;
    next_unit = unit + 1;
    if (unit < 2) {
      parsed.months += unit == 0 ? value * 12 : value;
    } else {
      parsed.days += unit == 2 ? value * 7 : value;
    }
  }
  if (parsed.months > 1200 || parsed.days > 36525) return false;
  if (parsed.months == 0 && parsed.days == 0) return false;
  *period = parsed;
  return true;
}

std::string format_period(const Period& period) {
  std::string text = "P";
  if (period.months > 0) text += std::to_string(period.months) + "M";
  if (period.days > 0) text += std::to_string(period.days) + "D";
  return text;
}

Seconds add(Seconds time, const Period& period) {
  Date date = to_date(time / kDay);
  const int64_t month = date.month - 1 + period.months;
  date.year += month / 12;
  date.month = month % 12 + 1;
  date.day = std::min(date.day, days_in(date.year, date.month));
  return (to_days(date) + period.days) * kDay + time % kDay;
}

}  // namespace subrosa::consent
