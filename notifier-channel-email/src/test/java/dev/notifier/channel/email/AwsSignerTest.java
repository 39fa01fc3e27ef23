package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cases of Amazon's own suite for signers that have neither a query nor a path to be put in
 * order, typed again: awslabs/aws-c-auth, tests/aws-signing-test-suite/v4.
 */
class AwsSignerTest {
  private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final AwsCredentials CREDENTIALS = AwsCredentials.of("AKIDEXAMPLE", SECRET);
  private static final String TOKEN =
      "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxf"
          + "pSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0"
          + "KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64l"
          + "IZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

  private record Case(
      String name, Request.Builder request, AwsCredentials by, String headers, String signature) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Request.Builder get(String path) {
    return new Request.Builder().url("https://example.amazonaws.com" + path);
  }

  private static Request.Builder post() {
    return get("/").post(RequestBody.create(new byte[0]));
  }

  private static Request.Builder form(String contentType) {
    return get("/")
        .post(RequestBody.create("Param1=value1".getBytes(StandardCharsets.UTF_8)))
        .header("Content-Type", contentType)
        .header("Content-Length", "13")
        .header(
            "x-amz-content-sha256",
            "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e");
  }

  static List<Case> cases() {
    AwsCredentials session = new AwsCredentials("AKIDEXAMPLE", SECRET, Optional.of(TOKEN));
    String plain = "host;x-amz-date";
    String one = "host;my-header1;x-amz-date";
    String formHeaders = "content-length;content-type;host;x-amz-content-sha256;x-amz-date";
    return List.of(
        new Case(
            "get-vanilla",
            get("/"),
            CREDENTIALS,
            plain,
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        new Case(
            "get-unreserved",
            get("/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
            CREDENTIALS,
            plain,
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        new Case(
            "get-header-key-duplicate",
            get("/")
                .addHeader("My-Header1", "value2")
                .addHeader("My-Header1", "value2")
                .addHeader("My-Header1", "value1"),
            CREDENTIALS,
            one,
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        new Case(
            "get-header-value-order",
            get("/")
                .addHeader("My-Header1", "value4")
                .addHeader("My-Header1", "value1")
                .addHeader("My-Header1", "value3")
                .addHeader("My-Header1", "value2"),
            CREDENTIALS,
            one,
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
        new Case(
            "get-header-value-trim",
            get("/").header("My-Header1", " value1").header("My-Header2", " \"a   b   c\""),
            CREDENTIALS,
            "host;my-header1;my-header2;x-amz-date",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        new Case(
            "get-vanilla-with-session-token",
            get("/"),
            new AwsCredentials(
                "AKIDEXAMPLE",
                SECRET,
                Optional.of("6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267")),
            "host;x-amz-date;x-amz-security-token",
            "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
        new Case(
            "post-vanilla",
            post(),
            CREDENTIALS,
            plain,
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        new Case(
            "post-header-key-sort",
            post().header("My-Header1", "value1"),
            CREDENTIALS,
            one,
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
        new Case(
            "post-header-value-case",
            post().header("My-Header1", "VALUE1"),
            CREDENTIALS,
            one,
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
        new Case(
            "post-sts-header-before",
            post(),
            session,
            "host;x-amz-date;x-amz-security-token",
            "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
        new Case(
            "post-x-www-form-urlencoded",
            form("application/x-www-form-urlencoded"),
            CREDENTIALS,
            formHeaders,
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"),
        new Case(
            "post-x-www-form-urlencoded-parameters",
            form("application/x-www-form-urlencoded; charset=utf-8"),
            CREDENTIALS,
            formHeaders,
            "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void signsAsAmazonDoes(Case known) {
    Request signed =
        new AwsSigner("us-east-1", "service").sign(known.request.build(), known.by, TIME);

    assertThat(signed.header("Authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders="
                + known.headers
                + ", Signature="
                + known.signature);
    assertThat(signed.header("X-Amz-Date")).isEqualTo("20150830T123600Z");
    assertThat(signed.header("X-Amz-Security-Token"))
        .isEqualTo(known.by.sessionToken().orElse(null));
  }

  @Test
  void anUnusualPortIsPartOfTheSignedHost() {
    Request request = new Request.Builder().url("http://localhost:8080/v2").build();

    assertThat(new AwsSigner("us-east-1", "ses").sign(request, CREDENTIALS, TIME).header("Host"))
        .isEqualTo("localhost:8080");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/?a=b", "/two%20words", "/%E1%88%B4"})
  void whatWouldNeedMoreThanThisSignerDoesIsRefused(String path) {
    Request request = get(path).build();

    assertThatThrownBy(() -> new AwsSigner("us-east-1", "ses").sign(request, CREDENTIALS, TIME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the path must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "line\nbreak", "ümlaut", "S3cret "})
  void credentialsThatCannotBeRightAreRefusedAndNotShown(String secret) {
    assertThatThrownBy(() -> AwsCredentials.of("AKIDEXAMPLE", secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("secretAccessKey must be")
        .hasMessageNotContaining("S3cret");
  }

  @Test
  void credentialsDoNotShowThemselves() {
    assertThat(CREDENTIALS).hasToString("AwsCredentials[***]");
  }
}
