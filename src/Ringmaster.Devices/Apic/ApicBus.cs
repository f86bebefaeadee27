namespace Ringmaster.Devices.Apic;

/// <summary>
/// Carries interrupt messages between the local APICs, the I/O APICs and devices that signal by MSI. Lowest-priority
/// arbitration is stateless: among equals the vector decides, so that different interrupts spread over the processors and
/// each stays where it is.
/// </summary>
/// <remarks>Like every device, it is called with the machine's lock held.</remarks>
public sealed class ApicBus
{
    private readonly List<LocalApic> _locals = [];
    private readonly List<IoApic> _ioApics = [];
    private IApicCarrier? _carrier;

    internal void Attach(LocalApic apic) => _locals.Add(apic);

    internal void Attach(IoApic apic) => _ioApics.Add(apic);

    /// <summary>The local APICs have been lent (<see cref="LocalApic.Lend"/>): messages go to someone else from now on.</summary>
    public void Lend(IApicCarrier carrier)
    {
        _carrier = carrier;
        foreach (var apic in _ioApics)
            LevelsChanged(apic);
    }

    /// <summary>The local APICs are back (<see cref="LocalApic.TakeBack"/>), and messages go to them again.</summary>
    public void TakeBack()
    {
        _carrier = null;
        // Who had them may not have told of the last ends yet.
        foreach (var apic in _ioApics)
            apic.EndUnheld(vector => _locals.Exists(local => local.Holds(vector)));
        ReceiversChanged();
    }

    /// <summary>A level interrupt has been ended at a local APIC that is lent.</summary>
    public void EndOfInterrupt(byte vector) => BroadcastEoi(vector);

    /// <summary>Delivers a message to every local APIC that it is for.</summary>
    /// <returns>Whether at least one accepted it.</returns>
    public bool Deliver(in ApicMessage message)
    {
        if (_carrier is not null)
            return _carrier.Deliver(message);
        if (message.Mode == DeliveryMode.LowestPriority)
            return Arbitrate(message) is { } chosen && chosen.Accept(DeliveryMode.Fixed, message.Vector, message.IsLevel);
        var accepted = false;
        foreach (var apic in _locals)
        {
            if (apic.Matches(message.Destination))
                accepted |= apic.Accept(message.Mode, message.Vector, message.IsLevel);
        }
        return accepted;
    }

    /// <summary>
    /// Delivers a message-signalled interrupt (SDM 3A 11.11). Bits 11:5 of the address, reserved there, are bits 14:8 of the
    /// destination, as hypervisors that announce it in CPUID define; guests that were not told leave them zero.
    /// </summary>
    /// <param name="address">FEEx_xxxxh; any other is not an interrupt.</param>
    /// <param name="data">Vector, delivery mode and trigger mode.</param>
    /// <returns>Whether at least one local APIC accepted it.</returns>
    public bool DeliverMsi(ulong address, uint data)
    {
        if (address >> 20 != 0xFEE)
            return false;
        var isLevel = (data & (1 << 15)) != 0;
        var isAssert = (data & (1 << 14)) != 0;
        var mode = (DeliveryMode)((data >> 8) & 7);
        // SDM 3A 11.11.2: a level that goes away interrupts nobody, and start-up is not for devices.
        if ((isLevel && !isAssert) || mode == DeliveryMode.Startup)
            return false;
        var isLogical = (address & (1 << 2)) != 0;
        var isRedirectable = (address & (1 << 3)) != 0;
        if (isRedirectable && isLogical && mode == DeliveryMode.Fixed)
            mode = DeliveryMode.LowestPriority;
        var id = (uint)((address >> 12) & 0xFF) | ((uint)((address >> 5) & 0x7F) << 8);
        return Deliver(new ApicMessage(new ApicDestination(id, isLogical), mode, (byte)data, isLevel));
    }

    /// <summary>Sends what an interrupt command register says. IPIs are edge-triggered, whatever it says (SDM 3A 11.6.1).</summary>
    internal void SendIpi(LocalApic sender, InterruptCommand command)
    {
        var mode = command.Mode;
        // SDM 3A table 11-3 has neither delivery mode 7 nor INIT and start-up to oneself.
        if (mode is DeliveryMode.ExtInt or DeliveryMode.Reserved)
            return;
        switch (command.Shorthand)
        {
            case DestinationShorthand.None:
                Deliver(new ApicMessage(command.Destination(sender.IsX2Apic), mode, command.Vector));
                break;
            case DestinationShorthand.Self:
                if (mode is not (DeliveryMode.Init or DeliveryMode.Startup))
                    sender.Accept(mode, command.Vector, isLevel: false);
                break;
            case DestinationShorthand.AllIncludingSelf:
                if (mode is not (DeliveryMode.Init or DeliveryMode.Startup))
                    SendToAll(null, mode, command.Vector);
                break;
            case DestinationShorthand.AllExcludingSelf:
                SendToAll(sender, mode, command.Vector);
                break;
        }
    }

    /// <summary>Tells the I/O APICs that a level-triggered interrupt has been handled.</summary>
    internal void BroadcastEoi(byte vector)
    {
        foreach (var apic in _ioApics)
            apic.EndOfInterrupt(vector);
    }

    /// <summary>An I/O APIC's level-triggered entries may have changed.</summary>
    internal void LevelsChanged(IoApic apic) => _carrier?.LevelsChanged(apic.Levels);

    /// <summary>A local APIC accepts vectors that it did not before: level interrupts that nobody took are offered again.</summary>
    internal void ReceiversChanged()
    {
        foreach (var apic in _ioApics)
            apic.OfferLevels();
    }

    private void SendToAll(LocalApic? except, DeliveryMode mode, byte vector)
    {
        if (mode == DeliveryMode.LowestPriority)
        {
            Arbitrate(vector, apic => apic != except)?.Accept(DeliveryMode.Fixed, vector, isLevel: false);
            return;
        }
        foreach (var apic in _locals)
        {
            if (apic != except)
                apic.Accept(mode, vector, isLevel: false);
        }
    }

    private LocalApic? Arbitrate(ApicMessage message) => Arbitrate(message.Vector, apic => apic.Matches(message.Destination));

    private LocalApic? Arbitrate(byte vector, Func<LocalApic, bool> isCandidate)
    {
        int lowest = int.MaxValue, equals = 0;
        foreach (var apic in _locals)
        {
            if (!apic.AcceptsVectors || !isCandidate(apic) || apic.ArbitrationPriority > lowest)
                continue;
            equals = apic.ArbitrationPriority == lowest ? equals + 1 : 1;
            lowest = apic.ArbitrationPriority;
        }
        if (equals == 0)
            return null;
        var skip = vector % equals;
        foreach (var apic in _locals)
        {
            if (apic.AcceptsVectors && isCandidate(apic) && apic.ArbitrationPriority == lowest && skip-- == 0)
                return apic;
        }
        return null;
    }
}
