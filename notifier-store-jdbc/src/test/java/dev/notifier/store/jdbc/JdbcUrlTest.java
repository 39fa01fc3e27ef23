package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:mariadb://h/d             | jdbc:mariadb://h/d?useBulkStmts=true&connectTimeout=10000
          jdbc:mariadb://h/d?a=b         | jdbc:mariadb://h/d?a=b&useBulkStmts=true&connectTimeout=10000
          jdbc:mariadb://h/d?USEBULKSTMTS=false&connectTimeout=5 | jdbc:mariadb://h/d?USEBULKSTMTS=false&connectTimeout=5
          jdbc:mysql://h/d               | jdbc:mysql://h/d?connectTimeout=10000
          jdbc:postgresql://h/d?x=y      | jdbc:postgresql://h/d?x=y&logServerErrorDetail=false&connectTimeout=10&loginTimeout=10
          jdbc:h2:file:./data/n          | jdbc:h2:file:./data/n
          """)
  void theDriverIsToldNotToWaitForEver(String given, String completed) {
    assertThat(new JdbcUrl(given).forDriver()).isEqualTo(completed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:h2:file:./n                   | jdbc:h2:file:./n;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE
          jdbc:h2:./n;db_close_delay=5       | jdbc:h2:./n;db_close_delay=5;DB_CLOSE_ON_EXIT=FALSE
          jdbc:h2:mem:n                      | jdbc:h2:mem:n;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE
          jdbc:h2:tcp://h/n                  | jdbc:h2:tcp://h/n
          jdbc:h2:ssl://h/n                  | jdbc:h2:ssl://h/n
          """)
  void onlyAnEmbeddedH2IsKeptOpen(String given, String kept) {
    assertThat(new JdbcUrl(given).keptOpen().forDriver()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://joe:s3cret@h:1/d",
        "jdbc:mysql://joe:s3cret@x@h/d?password=s3cret",
        "jdbc:mysql://(host=h,user=joe,password=s3cret)/d",
        "jdbc:mysql://address=(host=h)(password=s3cret)/d",
        "jdbc:postgresql://h/d?user=joe&password=s3cret",
        "jdbc:postgresql://h/d?sslpassword=s3cret&ssl=true",
        "jdbc:postgresql://h/d?PassWord=s3cret, and more",
        "jdbc:mariadb://h/d?trustStorePassword=s3cret",
        "jdbc:h2:file:./n;PASSWORD=file-s3cret user-s3cret;USER=joe",
        "jdbc:h2:file:./n;PASSWORD_HASH=s3cret",
        "jdbc:h2:file:./n;PWD=s3cret"
      })
  void itsTextShowsNoPassword(String url) {
    assertThat(new JdbcUrl(url).toString()).doesNotContain("s3cret").contains("***");
    assertThat(JdbcUrl.redacted("no driver for " + url)).doesNotContain("s3cret");
  }

  @Test
  void theRestOfItIsShown() {
    assertThat(new JdbcUrl("jdbc:postgresql://db:5432/app?password=x&ssl=true"))
        .hasToString("jdbc:postgresql://db:5432/app?password=***&ssl=true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://h/d",
        "jdbc:oracle:thin:joe/s3cret@h",
        "jdbc:",
        "jdbc:h2",
        "http://joe:s3cret@h",
        "x?password=s3cret"
      })
  void otherUrlsAreRefused(String url) {
    assertThatThrownBy(() -> new JdbcUrl(url))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("the URL of the database must start with jdbc:h2:,")
        .hasMessageNotContaining("s3cret");
  }
}
