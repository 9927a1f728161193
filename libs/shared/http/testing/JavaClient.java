import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Sends requests one after the other with a client of default settings. Arguments: the URL and how many requests. */
class JavaClient {
  public static void main(String[] args) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    int answers = 0;
    for (int sent = 0; sent < Integer.parseInt(args[1]); sent += 1) {
      boolean posts = sent % 2 == 1;
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(args[0] + (posts ? "/body" : "/text")));
      if (posts) request.POST(BodyPublishers.ofString("text"));
      var response = client.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() == 200 && response.body().equals("text")) answers += 1;
    }
    System.out.println(answers + " answers");
  }
}
