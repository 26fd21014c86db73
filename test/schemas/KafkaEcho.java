import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Scanner;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Reads messages with Apache Kafka's own classes and writes them again: a line "name version hex"
 * comes in, the hex of what Kafka writes goes out, or what it said. Before them stand the lines of
 * Kafka's error table, and an empty one.
 */
public class KafkaEcho {
    private static final String[] NAMES = {
        "org.apache.kafka.common.message.%sData",
        "org.apache.kafka.common.message.%s",
        "org.apache.kafka.common.metadata.%s",
        "org.apache.kafka.coordinator.group.generated.%s",
        "org.apache.kafka.coordinator.transaction.generated.%s",
        "org.apache.kafka.server.log.remote.metadata.storage.generated.%s",
    };

    public static void main(String[] arguments) {
        for (Errors error : Errors.values()) {
            boolean retriable =
                error.exception() instanceof org.apache.kafka.common.errors.RetriableException;
            System.out.println(error.name() + " " + error.code() + " " + retriable);
        }
        System.out.println();
        Scanner lines = new Scanner(System.in);
        while (lines.hasNextLine()) {
            String[] words = lines.nextLine().split(" ", -1);
            System.out.println(echo(words[0], Short.parseShort(words[1]), words[2]));
        }
    }

    private static String echo(String name, short version, String hex) {
        try {
            ByteBuffer given = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
            Message message = messageOf(name);
            message.read(new ByteBufferAccessor(given), version);
            if (given.hasRemaining()) return "leaves " + given.remaining() + " bytes";
            ObjectSerializationCache cache = new ObjectSerializationCache();
            byte[] bytes = new byte[message.size(cache, version)];
            message.write(new ByteBufferAccessor(ByteBuffer.wrap(bytes)), cache, version);
            return HexFormat.of().formatHex(bytes);
        } catch (Exception | LinkageError error) {
            return error.toString().replace('\n', ' ');
        }
    }

    private static Message messageOf(String name) throws ReflectiveOperationException {
        for (String pattern : NAMES) {
            try {
                Class<?> found = Class.forName(String.format(pattern, name));
                return (Message) found.getDeclaredConstructor().newInstance();
            } catch (ClassNotFoundException next) {
                // Another package has it.
            }
        }
        throw new ClassNotFoundException(name);
    }
}
