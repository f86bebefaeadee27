using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringmaster.Devices.Tests.Contract;

/// <summary>Damages a saved state in ways that a hostile or broken file may.</summary>
public static class StateMutator
{
    public static JsonElement Mutate(JsonElement data, Random random)
    {
        var root = JsonNode.Parse(data.GetRawText())!;
        for (var i = random.Next(1, 4); i > 0; i--)
            MutateOne(root, random);
        return JsonSerializer.SerializeToElement(root);
    }

    private static void MutateOne(JsonNode root, Random random)
    {
        var places = new List<(JsonNode Parent, string? Name, int Index)>();
        Collect(root, places);
        if (places.Count == 0)
            return;
        var (parent, name, index) = places[random.Next(places.Count)];
        if (random.Next(6) == 0)
        {
            if (parent is JsonObject from)
                from.Remove(name!);
            else
                parent.AsArray().RemoveAt(index);
        }
        else if (parent is JsonObject into)
        {
            into[name!] = NewValue(random);
        }
        else
        {
            parent.AsArray()[index] = NewValue(random);
        }
    }

    private static void Collect(JsonNode node, List<(JsonNode Parent, string? Name, int Index)> places)
    {
        if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields)
            {
                places.Add((node, name, 0));
                if (value is not null)
                    Collect(value, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                places.Add((node, null, i));
                if (items[i] is { } item)
                    Collect(item, places);
            }
        }
    }

    private static JsonNode? NewValue(Random random)
    {
        switch (random.Next(16))
        {
            case 0:
                return null;
            case 1:
                return JsonValue.Create("no base 64!");
            case 2:
                var bytes = new byte[random.Next(300)];
                random.NextBytes(bytes);
                return JsonValue.Create(Convert.ToBase64String(bytes));
            case 3:
                return JsonValue.Create(random.Next(2) == 0);
            case 4:
                return new JsonObject();
            case 5:
                return new JsonArray();
            case 6:
                return new JsonArray([.. Enumerable.Range(0, random.Next(100)).Select(i => (JsonNode)JsonValue.Create(i))]);
            case 7:
                return JsonValue.Create(0.5);
            case 8:
                return JsonNode.Parse("1e300");
            case 9:
                return JsonValue.Create(long.MaxValue);
            case 10:
                return JsonValue.Create(long.MinValue);
            case 11:
                return JsonValue.Create(random.Next());
            case 12:
                return JsonValue.Create(-random.Next(1000));
            case 13:
                return JsonValue.Create(1L << random.Next(63));
            default:
                return JsonValue.Create(random.Next(256));
        }
    }
}
