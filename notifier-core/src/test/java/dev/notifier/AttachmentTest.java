package dev.notifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentTest {
  @TempDir private Path dir;

  @Test
  void theBytesAreCopiedOnTheWayInAndOut() throws IOException {
    byte[] bytes = "invoice".getBytes(UTF_8);
    Attachment attachment = Attachment.of("invoice.txt", "text/plain", bytes);
    bytes[0] = 'X';
    attachment.bytes()[1] = 'X';
    assertThat(attachment.bytes()).isEqualTo("invoice".getBytes(UTF_8));
    assertThat(attachment.open().readAllBytes()).isEqualTo("invoice".getBytes(UTF_8));
    assertThat(attachment.size()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "invoice.pdf, application/pdf",
    "logo.png, image/png",
    "notes.txt, text/plain",
    "Übersicht 2025.html, text/html",
    "strange.zzz, application/octet-stream",
    "no-ending, application/octet-stream",
  })
  void aFileGivesItsNameTypeAndBytes(String name, String contentType) throws IOException {
    Path file = Files.writeString(dir.resolve(name), "content");
    Attachment attachment = Attachment.file(file);
    assertThat(attachment.name()).isEqualTo(name);
    assertThat(attachment.contentType()).isEqualTo(contentType);
    assertThat(attachment.bytes()).isEqualTo("content".getBytes(UTF_8));
  }

  @Test
  void aFileThatVanishesLaterDoesNoHarm() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "content");
    Attachment attachment = Attachment.file(file);
    Files.delete(file);
    assertThat(attachment.bytes()).isEqualTo("content".getBytes(UTF_8));
  }

  @Test
  void aFileThatIsNotThereIsRefusedByItsPath() {
    Path missing = dir.resolve("missing.txt");
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.file(missing))
        .withMessage("attachment \"" + missing + "\" is not a readable file");
  }

  @Test
  void aDirectoryIsRefusedByItsPath() {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.file(dir))
        .withMessage("attachment \"" + dir + "\" is not a readable file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/"})
  void aPathWithoutAFileNameIsRefused(String path) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.file(Path.of(path)))
        .withMessageStartingWith("attachment name must be 1 to 255 characters");
  }

  @Test
  void aFileMayHaveExactlyAsManyBytesAsAllowed() throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "12345");
    assertThat(Attachment.file(file, 5).size()).isEqualTo(5);
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.file(file, 4))
        .withMessage("attachment \"" + file + "\" must have at most 4 bytes, but is larger");
  }

  @Test
  void noMoreThanTenMegabytesAreReadUnlessSet() throws IOException {
    Path file = Files.write(dir.resolve("large.bin"), new byte[10 * 1024 * 1024 + 1]);
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.file(file))
        .withMessageContaining("must have at most 10485760 bytes");
    assertThat(Attachment.file(file, Long.MAX_VALUE).size()).isEqualTo(10 * 1024 * 1024 + 1);
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.file(dir.resolve("a.txt"), -1))
        .withMessage("maxBytes must be 0 or more, but was -1");
  }

  static Stream<String> badNames() {
    return Stream.of(
        "",
        " ",
        "a/b",
        "a\\b",
        "../x",
        "a\r\nX-Evil: 1",
        "a\u0000.txt",
        "a\u2028b",
        "a\ud800",
        "x".repeat(256));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void badNamesAreRefusedByRuleAndValue(String name) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.of(name, "text/plain", new byte[0]))
        .withMessageStartingWith(
            "attachment name must be 1 to 255 characters without path separators or control"
                + " characters, but was \"")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "text/",
        "/plain",
        "text/plain; charset=utf-8",
        "a/b/c",
        "text/pl\nain"
      })
  void badContentTypesAreRefusedByRuleAndValue(String contentType) {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> Attachment.of("a", contentType, new byte[0]))
        .withMessageStartingWith("attachment content type must be a media type such as")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void theTextFormLeavesTheNameOut() {
    assertThat(Attachment.of("diagnosis-ada.pdf", "application/pdf", new byte[3]))
        .hasToString("Attachment[application/pdf, 3 bytes]");
  }

  @Test
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> Attachment.of(null, "text/plain", new byte[0]))
        .withMessage("name");
    assertThatNullPointerException()
        .isThrownBy(() -> Attachment.of("a", null, new byte[0]))
        .withMessage("contentType");
    assertThatNullPointerException()
        .isThrownBy(() -> Attachment.of("a", "text/plain", null))
        .withMessage("bytes");
    assertThatNullPointerException().isThrownBy(() -> Attachment.file(null)).withMessage("path");
  }

  @Test
  void anInlineImageHasAContentIdAndIsOtherwiseTheSame() {
    Attachment file = Attachment.of("logo.png", "image/png", new byte[] {1, 2});
    Attachment image = file.inline("logo.v2@example.com");
    assertThat(file.contentId()).isEmpty();
    assertThat(image.contentId()).contains("logo.v2@example.com");
    assertThat(image.name()).isEqualTo("logo.png");
    assertThat(image.contentType()).isEqualTo("image/png");
    assertThat(image.bytes()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "<logo>", "a\r\nBcc: eve@example.com", "größe"})
  void anIdThatWouldBreakTheHeaderIsRefused(String id) {
    Attachment file = Attachment.of("logo.png", "image/png", new byte[0]);
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> file.inline(id))
        .withMessageStartingWith("content id must be 1 to 78 ASCII letters")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aContentIdNamesOneImageOnly() {
    Attachment image = Attachment.of("logo.png", "image/png", new byte[0]).inline("logo");
    Notification.Builder twice =
        Notification.to("email:ada@example.com").text("x").attach(image).attach(image);
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(twice::build)
        .withMessage("two attachments have the content id logo");
  }
}
