package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The core refuses some of these as addresses already; the channel must not depend on that. */
class EndpointRulesTest {
  private final EndpointRules rules =
      new EndpointRules(Set.of("plain.example"), new AddressGuard(List.of(), Set.of()));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://example.com/T0KEN | webhook URL must be a valid http or https URL",
        "file:///etc/T0KEN | webhook URL must be a valid http or https URL",
        "gopher://example.com/T0KEN | webhook URL must be a valid http or https URL",
        "https://:443/T0KEN | webhook URL must be a valid http or https URL",
        "https://T0KEN@example.com/ | webhook URL must not hold credentials",
        "https://user:T0KEN@example.com/ | webhook URL must not hold credentials",
        "http://example.com/T0KEN | webhook URL must start with https://",
        "https://127.1/T0KEN | is in 127.0.0.0/8 (loopback)",
        "https://[fd00:ec2::254]/T0KEN | is in fc00::/7 (unique local)"
      })
  void whatCannotBeAnEndpointIsToldWithoutItsSecrets(String url, String problem) {
    assertThatThrownBy(() -> rules.endpoint(url))
        .isInstanceOf(UnpreparedException.class)
        .hasMessageContaining(problem)
        .hasMessageNotContaining("T0KEN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com", "https://8.8.8.8/", "HTTPS://Example.com:8443/a?b=c",
        "http://plain.example/", "http://PLAIN.example:8080/", "https://[2606:4700::1111]/"
      })
  void whatMayBeAnEndpointIs(String url) throws Exception {
    assertThat(rules.endpoint(url).host()).isNotEmpty();
  }

  @Test
  void hostsAreWrittenInAnyForm() {
    assertThat(EndpointRules.host("Example.COM")).isEqualTo("example.com");
    assertThat(EndpointRules.host("::1")).isEqualTo("::1");
    assertThat(EndpointRules.host("[FD00::1]")).isEqualTo("fd00::1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://a",
        "a/b",
        "user@a",
        "a:80",
        "a b",
        "a?b",
        "a#b",
        "*",
        "*.example.com"
      })
  void whatIsNoHostIsRefused(String host) {
    assertThatThrownBy(() -> EndpointRules.host(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host must be a host name or an IP address");
  }
}
