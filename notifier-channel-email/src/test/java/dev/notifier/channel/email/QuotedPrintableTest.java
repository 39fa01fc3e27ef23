package dev.notifier.channel.email;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QuotedPrintableTest {
  private static String encoded(String text) {
    return new String(QuotedPrintable.encode(text.getBytes(UTF_8)), US_ASCII);
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "abc,abc",
        "a=b,a=3Db",
        "ü,=C3=BC",
        "a b,a b",
        "a ,a=20",
        "a\t,a=09",
        "'a \r\nb','a=20\r\nb'",
        "'a\r\n\r\n','a\r\n\r\n'",
        "'a\rb','a=0Db'",
        "'a\nb','a=0Ab'",
        "'.\r\n..','.\r\n..'",
        "'From here\r\nFrom there From\r\nFrom','=46rom here\r\n=46rom there From\r\nFrom'",
      })
  void whatIsNotPrintableIsEscaped(String text, String expected) {
    assertThat(encoded(text)).isEqualTo(expected);
  }

  @Test
  void noLineThatIsBrokenSoftlyBeginsLikeAMessageInAMailBox() {
    for (int length = 60; length < 90; length++) {
      assertThat(encoded("x".repeat(length) + "From ü From ü").lines())
          .noneMatch(line -> line.startsWith("From "));
    }
  }

  @Test
  void nothingIsNothing() {
    assertThat(encoded("")).isEmpty();
  }

  static Stream<byte[]> anything() {
    Random random = new Random(7);
    String alphabet = "aaaFFrom  \t=ü€🎉.\r\n\0";
    return Stream.generate(
            () ->
                random
                    .ints(random.nextInt(400), 0, alphabet.length())
                    .mapToObj(i -> alphabet.substring(i, i + 1))
                    .collect(java.util.stream.Collectors.joining())
                    .getBytes(UTF_8))
        .limit(300);
  }

  @ParameterizedTest
  @MethodSource("anything")
  void anotherDecoderReadsWhatWasWrittenInShortLines(byte[] text) throws Exception {
    byte[] encoded = QuotedPrintable.encode(text);

    assertThat(new String(encoded, US_ASCII).split("\r\n", -1))
        .allMatch(line -> line.length() <= 76 && line.matches("[\\t\\x20-\\x7e]*"))
        .noneMatch(line -> line.endsWith(" ") || line.endsWith("\t"));
    try (InputStream decoded =
        MimeUtility.decode(new ByteArrayInputStream(encoded), "quoted-printable")) {
      assertThat(decoded.readAllBytes()).isEqualTo(text);
    }
  }
}
