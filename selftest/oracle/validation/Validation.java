import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.fge.jackson.JsonLoader;
import com.github.fge.jsonschema.core.exceptions.ProcessingException;
import com.github.fge.jsonschema.core.report.ProcessingMessage;
import com.github.fge.jsonschema.core.report.ProcessingReport;
import com.github.fge.jsonschema.main.JsonSchemaFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Validates bodies by schemas with json-schema-validator's defaults. One JSON object per line comes in, one goes
 * out: {schema: JSON text, body: JSON text} gives {valid, text}, all messages as a set prints them, or {error}.
 */
public final class Validation {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(answer(JsonLoader.fromString(line)).toString());
      out.flush();
    }
  }

  private static ObjectNode answer(JsonNode request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try {
      // A new factory each time, since its cache would merge the messages of equal schemas.
      ProcessingReport report =
          JsonSchemaFactory.byDefault()
              .getJsonSchema(JsonLoader.fromString(request.get("schema").textValue()))
              .validate(JsonLoader.fromString(request.get("body").textValue()));
      Set<String> texts = new HashSet<>();
      for (ProcessingMessage message : report) texts.add(message.getMessage());
      answer.put("valid", report.isSuccess());
      answer.put("text", texts.toString());
    } catch (ProcessingException | java.io.IOException | RuntimeException error) {
      answer.put("error", error.toString().split("\n")[0]);
    }
    return answer;
  }
}
