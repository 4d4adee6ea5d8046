import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Asks with Java's own clients: {@code java Ask.java}. Each line on its input is a client, a URL and a body ("-" for
 * none) in Base64; each line on its output is what the caller has then, in Base64.
 */
public class Ask {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

  public static void main(String[] args) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] words = line.split(" ");
      String body = words[2].equals("-") ? null : new String(Base64.getDecoder().decode(words[2]), StandardCharsets.UTF_8);
      String seen;
      try {
        seen = words[0].equals("HttpURLConnection") ? byConnection(words[1], body) : byClient(words[1], body);
      } catch (Exception error) {
        seen = error.toString();
      }
      System.out.println(Base64.getEncoder().encodeToString(seen.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String byConnection(String url, String body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "text/plain");
      connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    try (InputStream good = connection.getInputStream()) {
      return connection.getResponseCode() + "\n" + text(good);
    } catch (IOException error) {
      try (InputStream bad = connection.getErrorStream()) {
        return error + "\n" + (bad == null ? "" : text(bad));
      }
    }
  }

  private static String byClient(String url, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (body != null) request.POST(HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + "\n" + answer.body();
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
