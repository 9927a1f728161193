import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * Asks who a key belongs to, by GET and by POST, one request after the other, with a client of default settings. Arguments:
 * the URL, the key and how many requests.
 */
class JavaClient {
  public static void main(String[] args) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    int answers = 0;
    for (int sent = 0; sent < Integer.parseInt(args[2]); sent += 1) {
      boolean posts = sent % 2 == 1;
      URI url = URI.create(args[0] + (posts ? "/v1/identity/api-keys/verify" : "/v1/identity/whoami"));
      HttpRequest.Builder request = HttpRequest.newBuilder(url).header("x-api-key", args[1]);
      if (posts) {
        request.header("content-type", "application/json").POST(BodyPublishers.ofString("{\"key\":\"" + args[1] + "\"}"));
      }
      var response = client.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() == 200 && response.body().contains("organization_id")) answers += 1;
    }
    System.out.println(answers + " answers");
  }
}
