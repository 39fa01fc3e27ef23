package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Compares the rule of e-mail addresses with Dominic Sayers' test set. */
class IsemailTest {
  /**
   * What an address may be for SMTP; what lies between these and an error is refused on purpose.
   */
  private static final Set<String> USABLE =
      Set.of("ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN", "ISEMAIL_RFC5321");

  /** Forms that this library does not support, though a mail server may. */
  private static final Set<String> REFUSED_ON_PURPOSE =
      Set.of(
          "ISEMAIL_RFC5321_QUOTEDSTRING",
          "ISEMAIL_RFC5321_ADDRESSLITERAL",
          "ISEMAIL_RFC5321_IPV6DEPRECATED",
          "ISEMAIL_CFWS_COMMENT",
          "ISEMAIL_CFWS_FWS",
          "ISEMAIL_DEPREC_LOCALPART",
          "ISEMAIL_DEPREC_FWS",
          "ISEMAIL_DEPREC_QTEXT",
          "ISEMAIL_DEPREC_QP",
          "ISEMAIL_DEPREC_COMMENT",
          "ISEMAIL_DEPREC_CTEXT",
          "ISEMAIL_DEPREC_CFWS_NEAR_AT",
          "ISEMAIL_RFC5322_DOMAINLITERAL",
          "ISEMAIL_RFC5322_DOMLIT_OBSDTEXT");

  private record Case(String address, String category, String diagnosis) {}

  @ParameterizedTest
  @ValueSource(strings = {"tests.xml", "tests-original.xml"})
  void agreesWithIsemailButForWhatIsRefusedOnPurpose(String name) throws Exception {
    List<Case> cases = casesOf(SharedData.file("email/isemail/" + name));
    Set<String> wrong = new TreeSet<>();
    int agreed = 0;
    for (Case example : cases) {
      boolean accepted = isAccepted(example.address());
      if (accepted == USABLE.contains(example.category())) {
        agreed++;
      } else if (accepted || !REFUSED_ON_PURPOSE.contains(example.diagnosis())) {
        wrong.add((accepted ? "accepted " : "refused ") + example);
      }
    }
    System.err.printf(
        "isemail %s: %d of %d addresses judged alike (%d %%), the rest refused on purpose%n",
        name, agreed, cases.size(), agreed * 100 / cases.size());
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tests.xml", "tests-original.xml"})
  void whatIsRefusedOnPurposeIsRefusedWithAMessage(String name) throws Exception {
    List<Case> refused =
        casesOf(SharedData.file("email/isemail/" + name)).stream()
            .filter(example -> REFUSED_ON_PURPOSE.contains(example.diagnosis()))
            .toList();
    assertThat(refused).isNotEmpty();
    for (Case example : refused) {
      assertThatExceptionOfType(InvalidNotificationException.class)
          .as(example.toString())
          .isThrownBy(() -> new Address(ChannelId.of("email"), example.address()))
          .withMessageStartingWith("email address \"")
          .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
  }

  private static boolean isAccepted(String address) {
    try {
      new Address(ChannelId.of("email"), address);
      return true;
    } catch (InvalidNotificationException e) {
      return false;
    }
  }

  private static List<Case> casesOf(Path file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Document document = factory.newDocumentBuilder().parse(file.toFile());
    NodeList tests = document.getElementsByTagName("test");
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < tests.getLength(); i++) {
      Element test = (Element) tests.item(i);
      cases.add(
          new Case(
              withControlCharacters(textOf(test, "address")),
              textOf(test, "category"),
              textOf(test, "diagnosis")));
    }
    return cases;
  }

  private static String textOf(Element test, String tag) {
    return test.getElementsByTagName(tag).item(0).getTextContent();
  }

  /** The file writes U+2400 and up where it means the control characters from U+0000. */
  private static String withControlCharacters(String address) {
    StringBuilder text = new StringBuilder();
    address
        .codePoints()
        .map(c -> c >= 0x2400 && c < 0x2420 ? c - 0x2400 : c)
        .forEach(text::appendCodePoint);
    return text.toString();
  }
}
