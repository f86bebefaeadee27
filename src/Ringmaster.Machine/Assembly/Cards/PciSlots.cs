using Ringmaster.Devices.Pci;

namespace Ringmaster.Machine.Assembly.Cards;

/// <summary>The slots of the PCI bus that no chipset uses, and the cards in them. A slot's number is that of a device on the bus.</summary>
/// <param name="platform">The board.</param>
internal sealed class PciSlots(PcPlatform platform)
{
    /// <summary>The first slot that no chipset uses, and the one behind the last.</summary>
    public const int First = 2, End = PciAddress.Devices - 1;

    private readonly SortedDictionary<int, Card> _cards = [];

    /// <summary>The cards, by their slots.</summary>
    public IReadOnlyDictionary<int, Card> Cards => _cards;

    /// <summary>A slot without a card.</summary>
    public int? Free => Enumerable.Range(First, End - First).Where(slot => !_cards.ContainsKey(slot)).Cast<int?>().FirstOrDefault();

    /// <summary>Puts a card into the first free slot.</summary>
    /// <exception cref="MachineSetupException">There is none, or another device has the name.</exception>
    public int Plug(Card card)
    {
        var name = card.Device.Name;
        if (platform.Devices.Any(other => other.Name == name))
            throw new MachineSetupException($"Two devices would be called {name}. Give the one that you named another id.");
        var slot = Free ?? throw new MachineSetupException("There are more devices than slots on the PCI bus. Leave some out.");
        platform.Pci.Attach(PciAddress.OnBus0(slot), platform.Register(card.Device));
        _cards.Add(slot, card);
        return slot;
    }

    /// <summary>Takes a card out. Its device stops working.</summary>
    /// <returns>The card, still connected outside.</returns>
    public Card Remove(int slot)
    {
        var card = _cards[slot];
        card.Device.Reset();
        platform.Pci.Detach(PciAddress.OnBus0(slot));
        platform.Unregister(card.Device);
        _cards.Remove(slot);
        return card;
    }
}
