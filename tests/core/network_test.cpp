#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("mailboxes keep to the lengths of RFC 5321") {
  require_confirmed("email", {"ann@example.com", "a@xn--d1acufc.xn--p1ai", "\"a b\"@example.com",
                              "root@[192.0.2.7]", "root@[IPv6:2001:db8::1]"});
  require_rejected("email", {"ann.@example.com", "a..b@example.com", "ann@example.c",
                             "ann@-example.com", "root@[300.0.2.7]", "pkg@1.2.3"});
  const std::string label(63, 'a');
  require_confirmed("email", {std::string(64, 'a') + "@" + label + ".com"});
  require_rejected("email", {"a@" + label + "." + label + "." + label + "." + label + ".com"});
  require_rejected("email", {"a@" + label + "a.com"});
}

TEST_CASE("IPv4: four octets without leading zeros, not part of a longer number") {
  require_confirmed("ip_address", {"192.168.0.1", "172.16.0.0/12"});
  require_neutral("ip_address", {"1.2.3.4", "255.255.255.255", "127.0.0.1"});
  require_rejected("ip_address", {"256.0.0.1", "01.02.03.04", "10.0.0.0/33"});
}

TEST_CASE("IPv6 in every form of RFC 4291") {
  require_confirmed("ip_address",
                    {"2001:db8::1", "2001:0db8:0000:0000:0000:ff00:0042:8329", "fe80::1%eth0",
                     "::ffff:192.0.2.128", "64:ff9b::192.0.2.33", "2001:db8::/32"});
  require_neutral("ip_address", {"::1", "::", "a::b", "1:2:3:4:5:6:7:8"});
  require_rejected("ip_address", {"2001::25de::cade", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                                  "12345::", ":::", "1:2:3:4:5:6:7::8:9", "::256.1.1.1",
                                  "2001:db8::/129", "2001:db8::1:"});
}

TEST_CASE("MAC addresses, not everybody's nor nobody's") {
  require_confirmed("mac_address", {"00:1A:2B:3C:4D:5E", "0012.3456.789a", "aa-bb-cc-dd-ee-ff"});
  require_neutral("mac_address", {"01-02-03-04-05-06"});
  require_rejected("mac_address", {"FF:FF:FF:FF:FF:FF", "00:00:00:00:00:00"});
}

TEST_CASE("URLs need a host that can be one") {
  require_confirmed("url", {"https://example.com/a?b=c", "http://[2001:db8::1]:80/", "example.org",
                            "http://10.0.0.1/", "https://en.wikipedia.org/wiki/Ada_(name)"});
  require_rejected("url", {"http://localhost:3000/", "http://example.com:0/", "file.txt",
                           "http://example.com:70000/", "https://example.com/a)", "http://-a.com"});
}
